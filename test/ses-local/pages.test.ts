/** The inbox pages: escaped, sandboxed, without anything from elsewhere. */
import { describe, expect, test } from 'vitest';
import { start, clientOf, email, behave, open } from './support.ts';

describe('the pages', () => {
  const hostile = '<script>alert("&\'")</script>';

  test('escape a hostile subject, search and text, and run no script but their own', async () => {
    const ses = await start();
    const { MessageId: id } = await clientOf(ses).send(email(['a@example.com'], hostile));
    for (const path of [
      '/',
      `/mails/${id}`,
      `/mails/${id}/text`,
      `/mails/${id}/source`,
      `/?to=${encodeURIComponent(hostile)}`,
    ]) {
      const { page, headers, status } = await open(ses, path);
      expect(status).toBe(200);
      expect(page).not.toContain('<script>');
      expect(page).toContain('&lt;script&gt;');
      const policy = headers.get('content-security-policy') ?? '';
      const nonce = /script-src 'nonce-([^']+)'/.exec(policy)?.[1];
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toContain('unsafe');
      expect(page).toContain(`<style nonce="${nonce}">`);
    }
  });

  test('give each answer a nonce of its own', async () => {
    const ses = await start();
    const policies = [(await open(ses, '/')).headers, (await open(ses, '/')).headers].map((headers) =>
      headers.get('content-security-policy'),
    );
    expect(policies[0]).not.toBe(policies[1]);
  });

  test('show a mail’s HTML only in a sandbox, without an origin, scripts or outside images', async () => {
    const ses = await start();
    const { MessageId: id } = await clientOf(ses).send(email(['a@example.com']));
    expect((await open(ses, `/mails/${id}`)).page).toMatch(
      new RegExp(`<iframe\\s+sandbox\\s[^>]*src="/messages/${id}/html"`),
    );
    const { page, headers } = await open(ses, `/messages/${id}/html`);
    expect(page).toBe('<b>Text ü</b>');
    expect(headers.get('content-security-policy')).toBe(
      "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
    );
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('find by any part of a recipient, and show the present misbehaviour', async () => {
    const ses = await start();
    const client = clientOf(ses);
    for (const to of ['ada@example.com', 'grace@example.com']) await client.send(email([to], `For ${to}`));
    await behave(ses, { mode: 'latency', milliseconds: 1500, every: 3 });
    const { page } = await open(ses, '/?to=ADA');
    expect(page).toContain('For ada@example.com');
    expect(page).not.toContain('For grace@example.com');
    expect(page).toContain('Misbehaving: latency of 1,500 ms.');
  });
});
