/** A request's id leads through the api, the log of events and the mail: whoever has it finds what became of the request. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LocalSes } from '../../services/ses-local/server.ts';
import { startSes, tokenOf, user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { behave } from '../support/mailbox.ts';
import { type Served, serve } from '../support/served.ts';

let db: TestDatabase;
let ses: LocalSes;
let served: Served;
let token: string;
beforeAll(async () => {
  [db, ses] = await Promise.all([createTestDatabase(), startSes()]);
  served = await serve(db, {}, ses.url);
  token = await tokenOf(user(1));
});
afterAll(async () => {
  await served.api.stop();
  await Promise.all([ses.close(), db.drop()]);
});

async function askFor(email: string): Promise<string> {
  const path = '/api/email-verification/send-otp';
  const { status, headers } = await served.call('POST', path, { token, body: { email } });
  expect(status).toBe(200);
  return headers.get('x-request-id') ?? '';
}

const linesOf = (id: string) =>
  served.lines().flatMap(({ requestId, event, result }) => (requestId === id ? [[event, result]] : []));

test('it is in the answer, in the line of the request, in the event, and in the line of the mail, and no address beside it', async () => {
  const id = await askFor('one@example.com');
  expect(id).toMatch(/^[0-9a-f-]{36}$/);
  await expect
    .poll(() => linesOf(id))
    .toEqual([
      ['request', undefined],
      ['mail', 'accepted'],
    ]);
  const rows = await db.owner`select type from events where data ->> 'requestId' = ${id}`;
  expect(rows.map(({ type }) => type)).toEqual(['requested']);
  expect(JSON.stringify(served.lines())).not.toContain('one@example');
});

test('each attempt at the mail has a line, whoever makes it', async () => {
  await behave(ses.url, { mode: 'throttle', times: 1 });
  const id = await askFor('two@example.com');
  // Whoever has just started leaves claims to those who may still hold them, for ten seconds.
  await expect
    .poll(() => linesOf(id), { timeout: 25_000 })
    .toEqual([
      ['request', undefined],
      ['mail', 'throttled'],
      ['mail', 'accepted'],
    ]);
});
