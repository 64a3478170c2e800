/** Whoever's mails come back is held back alone; many people's hold back unproven addresses; an admin lets them go on. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type ApiProcess, tokenOf, user } from '../support/api.ts';
import { startStage, type Stage } from '../support/contract.ts';

const SENDING = '/api/admin/email-management/sending';

let stage: Stage;
let admin: string;
beforeAll(async () => {
  stage = await startStage({ EMAIL_RATE_LIMIT_PER_USER_HOUR: '100' });
  admin = await tokenOf(user(900), 'admin');
});
beforeEach(() => stage.db.empty());
afterAll(() => stage.stop());

/** So many mails that went out, and of each of these users so many that were reported. */
async function mailed(sent: number, type: 'bounced' | 'complained', reports: Readonly<Record<number, number>>) {
  const { owner } = stage.db;
  await owner`insert into mails_sent values (date_trunc('hour', clock_timestamp()), ${sent}) on conflict (hour) do update set sent = ${sent}`;
  for (const [n, times] of Object.entries(reports))
    await owner`
      insert into events (stream_id, version, type, at, data)
      select stream, version, type, clock_timestamp(), jsonb_build_object(
        'otpId', stream, 'userId', ${user(Number(n))}::text, 'permanent', true, 'subType', 'General'
      )
      from generate_series(1, ${times}::integer) as k,
        (values (1, 'requested'), (2, ${type})) as e (version, type),
        lateral (select 'reported-' || ${n}::text || '-' || k || '@example.com' as stream) as s
    `;
}

const people = (from: number, count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [from + n, 1]));

/** What the user hears of a request for this address, at an api that has just looked. */
async function hears(api: ApiProcess, n: number, email: string): Promise<string> {
  const { status, body, headers } = await (await stage.as(n, api)).send({ email });
  const wait = Number(headers.get('Retry-After'));
  if (wait > 0) expect([wait, body.retryAfter]).toEqual([Math.min(wait, 86_400 + 3600), wait]);
  return status === 200 ? 'sent' : `${status} ${String(body.error)} ${wait > 3600 ? 'hours' : 'soon'}`;
}

describe('three complaints of one user among 262 mails', () => {
  test('stop that user for a day, and nobody else', async () => {
    await mailed(262, 'complained', { 1: 3 });
    const api = await stage.another();
    expect(await hears(api, 1, 'new-1@example.com')).toBe('429 user_paused hours');
    expect(await hears(api, 2, 'new-2@example.com')).toBe('sent');
  });

  test('stop nobody where one id asks for everybody: an address is a person then', async () => {
    await mailed(2000, 'complained', { 1: 3 });
    const api = await stage.another({ EMAIL_RATE_LIMIT_PER_USER_HOUR: '0' });
    expect(await hears(api, 1, 'new-3@example.com')).toBe('sent');
  });
});

describe('mails of many people that bounced', () => {
  test.each([
    ['9 of 200', people(100, 9), 'sent'],
    ['10 of 200', people(100, 10), '503 sending_paused hours'],
    ['2 people, 40 mails', { 100: 20, 101: 20 }, 'sent'],
  ])('%s', async (_, reports, expected) => {
    await mailed(200, 'bounced', reports);
    expect(await hears(await stage.another(), 1, 'unproven@example.com')).toBe(expected);
  });

  test('leave addresses that are known to be read alone, and end when an admin says so', async () => {
    for (const [n, email] of [
      [1, 'verified@example.com'],
      [2, 'arrived@example.com'],
    ] as const) {
      const caller = await stage.as(n);
      await caller.send({ email });
      const code = await stage.code(email);
      if (n === 1) expect((await caller.verify({ email, otp: code })).status).toBe(200);
    }
    await stage.db.owner`update streams set state = jsonb_set(state, '{codes,0,mailings,0,delivery}', '"delivered"')
      where id = 'arrived@example.com'`;
    await mailed(200, 'bounced', { ...people(100, 20), 50: 3 });
    const api = await stage.another();
    await stage.later(61);
    expect(await hears(api, 3, 'verified@example.com')).toBe('sent');
    expect(await hears(api, 4, 'arrived@example.com')).toBe('sent');
    expect(await hears(api, 5, 'unproven-2@example.com')).toBe('503 sending_paused hours');

    const before = await api.call('GET', SENDING, { token: admin });
    expect(before.body.sending).toMatchObject({ to: 'proven', paused: { because: 'bounced' } });
    expect((before.body.sending as { bounceRatio: number }).bounceRatio).toBeCloseTo(23 / 200);
    expect((before.body.sending as { pausedUsers: object[] }).pausedUsers).toMatchObject([{ userId: user(50) }]);
    expect((await api.call('POST', `${SENDING}/resume`, { token: await tokenOf(user(5)) })).status).toBe(403);
    expect((await api.call('POST', `${SENDING}/resume`, { token: admin })).status).toBe(200);
    expect((await api.call('GET', SENDING, { token: admin })).body.sending).toMatchObject({
      to: 'everyone',
      paused: null,
      pausedUsers: [],
    });
    expect(await hears(api, 5, 'unproven-2@example.com')).toBe('sent');
    expect(await hears(api, 50, 'unproven-3@example.com')).toBe('sent');
    expect(await stage.db.owner`select by from sending_resumptions`).toEqual([{ by: user(900) }]);
  });
});
