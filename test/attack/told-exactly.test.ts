/** What a client is told of its own fault: the coding, the token, the bound; and whose time it was that passed. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tokenOf, user } from '../support/api.ts';
import { BASE, expectProblem } from '../support/contract.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { serve, type Served } from '../support/served.ts';
import { asked, chunked, openWire, written } from '../support/wire.ts';

const ADMIN = '/api/admin/email-management';
let db: TestDatabase;
let served: Served;
let port: number;
let json: Record<string, string>;
beforeAll(async () => {
  db = await createTestDatabase();
  served = await serve(db);
  port = served.api.port;
  json = { Authorization: `Bearer ${await tokenOf(user(1), 'admin')}`, 'Content-Type': 'application/json' };
});
afterAll(async () => {
  await served?.api.stop();
  await db?.drop();
});

describe('a coding that is not undone here', () => {
  test.each<Record<string, string>>([
    { 'Content-Encoding': 'gzip' },
    { 'Content-Encoding': 'br' },
    { 'Content-Encoding': 'identity, gzip' },
    { 'Content-Encoding': 'zebra' },
    { 'Transfer-Encoding': 'gzip, chunked' },
  ])('%j is a 415 that says which one is taken', async (coding) => {
    const email = 'coded@example.com';
    for (const path of ['send-otp', 'verify-otp'].map((name) => `${BASE}/${name}`).concat('/api/ses/notifications')) {
      const text = JSON.stringify({ email });
      const body = 'Transfer-Encoding' in coding ? chunked(text) : text;
      const [answer] = await asked(port, written('POST', path, { ...json, ...coding }, body));
      expect([answer?.status, answer?.body.error]).toEqual([415, 'unsupported_media_type']);
      expect(answer?.headers['accept-encoding']).toBe('identity');
    }
    expect(await db.owner`select 1 from events where stream_id = ${email}`).toHaveLength(0);
  });

  test.each(['identity', 'Identity', ''])('%j is none', async (coding) => {
    const headers = { ...json, ...(coding && { 'Content-Encoding': coding }) };
    const [answer] = await asked(port, written('POST', `${BASE}/send-otp`, headers, '{"email":7}'));
    expect([answer?.status, answer?.body.error]).toEqual([400, 'invalid_request']);
  });
});

const list = (headers: Record<string, string>) => served.call('GET', `${BASE}/list`, { headers });

describe('the challenge of a 401', () => {
  test('says what is wrong with the token that was sent, and nothing of the token', async () => {
    for (const token of ['garbage', 'x'.repeat(5000), 'eyJhbGciOiJub25lIn0.e30.']) {
      const answer = await list({ Authorization: `Bearer ${token}` });
      expectProblem(answer, 401, 'unauthorized');
      expect(answer.headers.get('WWW-Authenticate')).toBe(
        `Bearer error="invalid_token", error_description="${String(answer.body.detail)}"`,
      );
      expect(answer.headers.get('WWW-Authenticate')).not.toContain(token);
    }
  });

  test('is the bare scheme where no token was sent', async () => {
    for (const headers of [{}, { Authorization: 'Basic eDp5' }, { Authorization: 'Bearer' }]) {
      const answer = await list(headers);
      expectProblem(answer, 401, 'unauthorized');
      expect(answer.headers.get('WWW-Authenticate')).toBe('Bearer');
    }
  });
});

describe('a bound', () => {
  test.each([
    ['user-emails?page=100001', 'page: must be a whole number from 1 to 100000'],
    ['user-emails?limit=201', 'limit: must be a whole number from 1 to 200'],
    ['otp-history?page=0', 'page: must be a whole number from 1 to 100000'],
    [`timeline?email=a@example.com&otpId=${user(1)}`, 'give one of email and otpId, and one of them only'],
    ['timeline', 'give one of email and otpId, and one of them only'],
  ])('%s is told: %s', async (path, detail) => {
    const answer = await served.call('GET', `${ADMIN}/${path}`, { headers: json });
    expectProblem(answer, 400, 'invalid_request');
    expect(answer.body.detail).toBe(detail);
  });

  test('of a code that nobody has asked for is no matter of an email', async () => {
    const answer = await served.call('GET', `${ADMIN}/timeline?otpId=${user(77)}`, { headers: json });
    expectProblem(answer, 404, 'otp_unknown');
    expect(answer.body.detail).toBe('There is no code with this otpId.');
  });
});

test.each([
  ['of a stated length', { 'Content-Length': '25' }, ['{"email":"', 'no addre', 'ss" }  ']],
  ['in chunks', { 'Transfer-Encoding': 'chunked' }, ['9\r\n{"email":\r\n', '2\r\n7}\r\n', '0\r\n\r\n']],
])('the time of a slow body %s is its sender’s, in the log and in the metrics', async (_name, framing, pieces) => {
  const sum = async () => {
    const samples = [...(await served.metrics())].filter(([name]) =>
      name.startsWith('sealpost_http_request_duration_seconds_sum'),
    );
    return samples.reduce((total, [, value]) => total + value, 0);
  };
  const [before, lines] = [await sum(), served.lines().length];
  const wire = await openWire(port);
  wire.write(written('POST', `${BASE}/send-otp`, { ...json, ...framing }));
  for (const piece of pieces) {
    await sleep(500);
    wire.write(piece);
  }
  expect((await wire.got(1))[0]?.status).toBe(400);
  wire.socket.destroy();
  const [line, ...others] = served.lines().slice(lines);
  expect([line?.event, line?.status, others]).toEqual(['request', 400, []]);
  expect(line?.milliseconds).toBeGreaterThanOrEqual(0);
  expect(line?.milliseconds).toBeLessThan(1000);
  expect((await sum()) - before).toBeLessThan(1);
});

test('bytes that belong in no header are never a fault of ours', async () => {
  const before = served.lines().length;
  const odd = [
    '\x80\xff',
    'ä',
    '\x01',
    '\x7f',
    '"',
    '\\',
    ',',
    ';q=',
    '%00',
    '*'.repeat(9000),
    'a,'.repeat(4000),
    '\t',
  ];
  const names = [
    'Accept-Language',
    'Idempotency-Key',
    'Authorization',
    'X-Forwarded-For',
    'Origin',
    'Content-Type',
    'Cookie',
  ];
  for (const name of names) {
    for (const value of odd) {
      const bytes = written('POST', `${BASE}/send-otp`, { ...json, [name]: value }, '{"email":7}');
      const [answer] = await asked(port, Buffer.from(bytes, 'latin1'));
      expect([400, 401, 415], `${name}: ${value}`).toContain(answer?.status);
      expect(answer?.headers['content-type']).toMatch(/^application\/problem\+json/);
    }
  }
  expect(
    served
      .lines()
      .slice(before)
      .filter(({ level }) => Number(level) >= 40),
  ).toEqual([]);
});
