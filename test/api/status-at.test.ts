/** GET status?at=: what was so at a moment of the past, and by which event. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tokenOf, user } from '../support/api.ts';
import { adminWorld } from '../support/admin.ts';
import { expectProblem } from '../support/contract.ts';

let world: Awaited<ReturnType<typeof adminWorld>>;
let token: string;
beforeAll(async () => {
  world = await adminWorld();
  token = await tokenOf(user(1));
});
afterAll(() => world?.stop());

const statusAt = (at?: string) => {
  const query = at === undefined ? '' : `?at=${encodeURIComponent(at)}`;
  return world.api.call('GET', `/api/email-verification/status/anna%40example.com${query}`, { token });
};

describe('status at a moment', () => {
  test('before, between and after: verified by the code, taken back by an admin, each with its event', async () => {
    const [row] = (await world.get('user-emails?search=anna')).body.emails as [{ id: number }];
    const { verifiedAt } = (await statusAt()).body;
    await world.post('toggle-verification', { emailId: row.id, verified: false });
    const events = await world.db.owner<{ version: number; type: string; at: Date }[]>`
      select version, type, at from events where stream_id = 'anna@example.com' order by version
    `;
    const by = (type: string) => events.find((event) => event.type === type);
    const [requested, verified, asserted] = [by('requested'), by('verified'), by('asserted')];
    const before = new Date((requested?.at.getTime() ?? 0) - 1).toISOString();
    expect((await statusAt(before)).body).toEqual({
      success: true,
      verified: false,
      message: expect.any(String),
      at: before,
    });
    const at = verified?.at.toISOString();
    expect((await statusAt(at)).body).toMatchObject({
      verified: true,
      verifiedAt,
      purpose: 'business',
      verificationMethod: 'otp',
      at,
      event: { version: verified?.version, type: 'verified', at },
    });
    const later = (await statusAt('2999-01-01T00:00:00+02:00')).body;
    expect(later).toMatchObject({ verified: false, at: '2998-12-31T22:00:00.000Z' });
    expect(later.event).toMatchObject({ version: asserted?.version, type: 'asserted' });
    expect((await statusAt()).body).not.toHaveProperty('event');
  });

  test('a date means the end of its day; the day before knows nothing of it', async () => {
    const today = new Date().toISOString().slice(0, 10);
    const yesterday = new Date(Date.parse(today) - 1).toISOString().slice(0, 10);
    expect((await statusAt(today)).body).toMatchObject({ at: `${today}T23:59:59.999Z`, event: { type: 'asserted' } });
    expect((await statusAt(yesterday)).body).not.toHaveProperty('event');
  });

  test('what is no moment is refused and says what would be one', async () => {
    for (const wrong of ['3 March', '2026-02-30', '1700000000', '2026-03-03T12:00']) {
      const answer = await statusAt(wrong);
      expectProblem(answer, 400, 'invalid_request');
      expect(answer.body.detail).toMatch(/2026-03-03/);
    }
  });
});
