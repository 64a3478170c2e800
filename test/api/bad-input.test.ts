/** Bad input, a table: each is refused with its own status and code, records nothing, mails nothing and is not repeated. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from '../support/api.ts';
import { BASE, type Caller, expectProblem, type Stage, startStage, until } from '../support/contract.ts';

let stage: Stage;
let caller: Caller;
beforeAll(async () => {
  stage = await startStage();
  caller = await stage.as(1);
});
afterAll(() => stage.stop());

/** Stands in whatever is sent and must come back nowhere: not in an answer, not in the log. */
const MARK = 'zebra';
const email = `${MARK}@example.com`;
const otp = '918273';
const otpId = '6f1b8a52-0a3e-4d6c-9f57-2b8f3c1d7e90';
const json = { 'Content-Type': 'application/json' };
const post = (path: string, body: unknown, headers: Record<string, string> = json) => ({
  method: 'POST',
  path: `${BASE}/${path}`,
  headers,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const send = (body: unknown, headers?: Record<string, string>) => post('send-otp', body, headers);
const verify = (body: unknown) => post('verify-otp', body);
const get = (path: string) => ({ method: 'GET', path, headers: {}, body: undefined });
const status = (encoded: string) => get(`${BASE}/status/${encoded}`);
const withKey = (key: string) => send({ email }, { ...json, 'Idempotency-Key': key });

type Bad = ReturnType<typeof post> | ReturnType<typeof get>;

async function ask({ method, path, headers, body }: Bad): Promise<Answer> {
  const { token } = caller;
  const answer = await stage.unchanged(async () => {
    // As bytes, because a text would bring a content type of its own.
    const bytes = body === undefined ? {} : { body: new TextEncoder().encode(body) };
    const sent = { method, headers: { Authorization: `Bearer ${token}`, ...headers }, ...bytes };
    return read(await fetch(`${stage.api.url}${path}`, sent));
  });
  const shown = [...answer.headers].join('\n') + answer.text;
  for (const secret of [MARK, otp, otpId, token]) expect(shown).not.toContain(secret);
  return answer;
}

async function read(response: Response): Promise<Answer> {
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text || '{}') };
}

const invalid = [
  ['an email of the wrong type', send({ email: 7 })],
  ['an email that is a list', send({ email: [email] })],
  ['an email that is null', send({ email: null })],
  ['no email', send({ purpose: 'verification' })],
  ['an empty email', send({ email: ' ' })],
  ['a purpose of the wrong type', send({ email, purpose: 5 })],
  ['a purpose with a dot', send({ email, purpose: `${MARK}.example` })],
  ['a purpose with a newline', send({ email, purpose: `${MARK}\nx` })],
  ['a purpose that ends in a newline', send({ email, purpose: `${MARK}\n` })],
  ['a purpose of 51 characters', send({ email, purpose: 'p'.repeat(51) })],
  ['a purpose that is empty', send({ email, purpose: '' })],
  ['CRLF in an address', send({ email: `${email}\r\nBcc: b@example.com` })],
  ['NUL in an address', send({ email: `${MARK}\0@example.com` })],
  ['two addresses in one string', send({ email: `${email},b@example.com` })],
  ['two addresses with a blank', send({ email: `${email} b@example.com` })],
  ['an address with its display name', send({ email: `Zoe <${email}>` })],
  ['a fullwidth @', send({ email: `${MARK}＠example.com` })],
  ['no domain', send({ email: MARK })],
  ['a domain of one label', send({ email: `${MARK}@localhost` })],
  ['an IPv4 address as domain', send({ email: `${MARK}@127.0.0.1` })],
  ['a local part of 65 characters', send({ email: `${'z'.repeat(65)}@example.com` })],
  ['a JSON array', send([{ email }])],
  ['a JSON text', send(JSON.stringify(email))],
  ['a JSON null', send('null')],
  ['verify without email', verify({ otp, otpId })],
  ['verify without otp', verify({ email, otpId })],
  ['verify with an empty otp', verify({ email, otp: '', otpId })],
  ['verify with an otp that is null', verify({ email, otp: null, otpId })],
  ['an otp of nothing that counts', verify({ email, otp: ' -\u{200b}\u{2212} ', otpId })],
  ['an otp of 5 digits', verify({ email, otp: '91827', otpId })],
  ['an otp of 7 digits', verify({ email, otp: `${otp}0`, otpId })],
  ['an otp that is a number', verify({ email, otp: Number(otp), otpId })],
  ['an otp of 65 characters', verify({ email, otp: '1'.repeat(65), otpId })],
  ['an otpId that is a list', verify({ email, otp, otpId: [otpId] })],
  ['an Idempotency-Key of 15 characters', withKey('k'.repeat(15))],
  ['an Idempotency-Key of 256 characters', withKey('k'.repeat(256))],
  ['an Idempotency-Key with a blank', withKey(`${'k'.repeat(10)} ${'k'.repeat(10)}`)],
  ['a status of no address', status(MARK)],
  ['a status of percent-encoded rubbish', status(`${MARK}%E0%A4%A`)],
  ['a status of percent-encoded bytes that are no text', status(`${MARK}%FF%FE%40example.com`)],
  ['a status of percent-encoded CRLF', status(`${MARK}%40example.com%0D%0Ax`)],
  ['a status of a twice encoded address', status(`${MARK}%2540example.com`)],
  ['a status of a very long address', status(`${MARK.repeat(2000)}%40example.com`)],
] as const satisfies readonly (readonly [string, Bad])[];

const others = [
  ['an empty body', send(''), 400, 'invalid_json'],
  ['broken JSON', send(`{"email":"${email}"`), 400, 'invalid_json'],
  ['a body of 5 KiB', send({ email, more: 'x'.repeat(5120) }), 413, 'body_too_large'],
  ['an address of 5 KiB', verify({ email: MARK.repeat(1024), otp, otpId }), 413, 'body_too_large'],
  [
    'a form',
    send(`email=${email}`, { 'Content-Type': 'application/x-www-form-urlencoded' }),
    415,
    'unsupported_media_type',
  ],
  ['JSON called text', send({ email }, { 'Content-Type': 'text/plain' }), 415, 'unsupported_media_type'],
  ['JSON of no content type', send({ email }, {}), 415, 'unsupported_media_type'],
  ['verify of no content type', post('verify-otp', { email, otp, otpId }, {}), 415, 'unsupported_media_type'],
  ['an unknown otpId', verify({ email, otp, otpId }), 400, 'otp_unknown'],
  ['an otpId that is no UUID', verify({ email, otp, otpId: MARK }), 400, 'otp_unknown'],
  ['no code was ever asked for', verify({ email, otp }), 400, 'otp_unknown'],
  ['an unknown path', get(`${BASE}/${MARK}`), 404, 'not_found'],
  ['an unknown path at the top', get(`/${MARK}`), 404, 'not_found'],
  ['a status of no address at all', get(`${BASE}/status/`), 404, 'not_found'],
] as const satisfies readonly (readonly [string, Bad, number, string])[];

describe('bad input is refused, records nothing, mails nothing and is not repeated', () => {
  test.each(invalid)('%s', async (_, bad) => {
    expectProblem(await ask(bad), 400, 'invalid_request');
  });

  test.each(others)('%s', async (_, bad, wanted, error) => {
    expectProblem(await ask(bad), wanted, error);
  });

  test('a path of 20,000 characters', async () => {
    const answer = await ask(status('z'.repeat(20_000)));
    expect([400, 414, 431]).toContain(answer.status);
    expect(answer.headers.get('Content-Type')).toMatch(/^application\/problem\+json/);
    expect(answer.body).toMatchObject({ success: false, status: answer.status });
  });

  test.each([
    ['PUT', 'send-otp', 'POST'],
    ['GET', 'verify-otp', 'POST'],
    ['DELETE', 'list', 'GET, HEAD'],
    ['POST', `status/${MARK}%40example.com`, 'GET, HEAD'],
  ])('the wrong method: %s %s is told Allow: %s', async (method, path, allow) => {
    const answer = await ask({ ...get(`${BASE}/${path}`), method });
    expectProblem(answer, 405, 'method_not_allowed');
    expect(answer.headers.get('Allow')?.split(/, */).toSorted().join(', ')).toBe(allow);
  });
});

describe('bad input in all', () => {
  test('leaves nothing of what was sent in the log', async () => {
    await ask(verify({ email, otp, otpId }));
    await until('it is logged', async () => stage.api.output().includes('"refusal":"otp_unknown"'));
    for (const sent of [MARK, otp, otpId, 'example.com', 'eyJ']) expect(stage.api.output()).not.toContain(sent);
  });
});

describe('far too much is 413 every time, and the next request on the connection does not suffer', () => {
  const body = JSON.stringify({ email: `${MARK.repeat(200_000)}@example.com` });

  async function streamed(text = body, type: Record<string, string> = json): Promise<Answer> {
    const headers = { ...type, Authorization: `Bearer ${caller.token}` };
    const sent = { method: 'POST', headers, body: new Blob([text]).stream(), duplex: 'half' } as const;
    return read(await fetch(`${stage.api.url}${BASE}/send-otp`, sent));
  }

  test.each([
    ['an address of 1 MB', () => caller.send(body)],
    ['an address of 1 MB in a body that does not say its length', () => streamed()],
  ])('%s', async (_, attack) => {
    await stage.unchanged(async () => {
      for (let n = 0; n < 12; n++) {
        expectProblem(await attack(), 413, 'body_too_large');
        expect((await caller.list()).status).toBe(200);
      }
    });
  });

  test('a small body that does not say its length is judged like any other', async () => {
    expectProblem(await stage.unchanged(() => streamed(`{"email":"${email}"`)), 400, 'invalid_json');
    expectProblem(await stage.unchanged(() => streamed('{"email":7}')), 400, 'invalid_request');
    expectProblem(await stage.unchanged(() => streamed(JSON.stringify({ email }), {})), 415, 'unsupported_media_type');
    expect((await streamed(JSON.stringify({ email }))).status).toBe(200);
  });
});
