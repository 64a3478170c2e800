/** The reference page: all of the description in the order of use, reachable by anchors, with nothing from elsewhere. */
import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { refusals } from '../../services/api/http/refusals.ts';
import { describedApp } from '../support/described-app.ts';
import { callsOf, readDocument } from '../support/described.ts';

const document = readDocument();
const calls = callsOf(document).map((call) => [call.operation.operationId, call] as const);
let text: string;
let policy: string;
beforeAll(async () => {
  const answer = await describedApp().request('/docs');
  expect(answer.headers.get('content-type')).toMatch(/^text\/html; charset=utf-8$/i);
  text = await answer.text();
  policy = answer.headers.get('content-security-policy') ?? '';
});

const told = (id: string): string => text.split('<section').find((part) => part.startsWith(` id="${id}"`)) ?? '';

describe('the reference page', () => {
  test('lets its own style and script run by their hashes, and nothing else', () => {
    const hash = (tag: string) => {
      const [, inside = ''] = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(text) ?? [];
      return `'sha256-${createHash('sha256').update(inside).digest('base64')}'`;
    };
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `style-src ${hash('style')}`,
      `script-src ${hash('script')}`,
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ]);
    expect(text.match(/<script|<style/g)).toEqual(['<style', '<script']);
    expect(text).not.toMatch(/(?:src|href|action)="(?:https?:|\/\/)|\son\w+="|\sstyle="|javascript:/);
  });

  test('begins with the token, then the groups in the order of use, then the refusals', () => {
    const heads = [...text.matchAll(/<h2 id="([^"]+)">/g)].map(([, id]) => id);
    expect(heads).toEqual(['get-a-token', ...document.tags.map(({ name }) => name.toLowerCase()), 'refusals']);
    expect(text.indexOf('<nav')).toBeLessThan(text.indexOf('<h2'));
    for (const { description } of document.tags) expect(text).toContain(description.replaceAll("'", '&#39;'));
    const opening = text.slice(0, text.indexOf('<h2 id="codes"'));
    for (const word of ['JWT_SECRET', 'ADMIN_ROLES', 'setExpirationTime', 'jwt.encode', 'docs/tokens.md'])
      expect(opening).toContain(word);
    for (const claim of ['exp', 'sub', 'userId', 'role', 'iss', 'aud'])
      expect(opening).toContain(`<code>${claim}</code>`);
  });

  test('has an anchor for every operation and every refusal, each once, and every link leads to one', () => {
    const ids = [...text.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining([...calls.map(([id]) => id), ...Object.keys(refusals)]));
    const links = [...text.matchAll(/\shref="#([^"]+)"/g)].map(([, id]) => id);
    expect(links.filter((id) => !ids.includes(id))).toEqual([]);
    const contents = text.slice(text.indexOf('<nav'), text.indexOf('</nav>'));
    for (const id of [...calls.map(([one]) => one), 'get-a-token', 'refusals'])
      expect(contents).toContain(`href="#${id}"`);
  });

  test('tells who has no JavaScript, and hides from them what needs it', () => {
    expect(/<noscript>(.*?)<\/noscript>/s.exec(text)?.[1]).toContain('Without JavaScript');
    expect(text.match(/<form/g)).toHaveLength(calls.length);
    expect(text.match(/<details class="try" hidden>/g)).toHaveLength(calls.length);
    expect(text).toMatch(/<label class="try"[^>]* hidden>Your token/);
  });
});

describe('an operation of it', () => {
  test.each(calls)(
    '%s has a link to itself, a curl, an example of its answer and links to its refusals',
    (id, { method, path }) => {
      const part = told(id);
      expect(part).toContain(`href="#${id}"`);
      expect(part).toContain(`<span class="method">${method}</span> <code>${path}</code>`);
      expect(part).toMatch(/<pre>\s*curl -s (?:-X POST )?'<span class="origin">/);
      expect(part).not.toContain(`${path}{`);
      expect(part).toMatch(/<pre>\{\n/);
      expect(part).toContain('href="#internal_error"');
    },
  );

  test('says which calls need a token', () => {
    expect(told('getHealth')).toContain('(without a token)');
    expect(told('getHealth')).not.toContain('Authorization');
    expect(told('sendOtp')).not.toContain('(without a token)');
    expect(told('sendOtp')).toContain('Authorization: Bearer $TOKEN');
  });

  test('says which members may be absent', () => {
    expect(told('sendOtp')).toMatch(
      /<code>email<\/code>(?:(?!\(may be absent\)).)*<\/li><li><code>purpose<\/code>.*?\(may be absent\)/,
    );
  });

  test('asks before what cannot be undone, and nowhere else', () => {
    const asking = calls.filter(([id]) => told(id).includes('data-asks=')).map(([id]) => id);
    expect(asking).toEqual(['resumeSending', 'eraseAddress']);
    expect(told('eraseAddress')).toContain('data-asks="Erase this person? It cannot be undone."');
  });
});
