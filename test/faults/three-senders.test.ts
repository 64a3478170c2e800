/** Three apis, mails on their way, and a database that is away for longer than a claim lasts: each mail goes out once all the same. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LocalSes } from '../../services/ses-local/server.ts';
import { type ApiProcess, startApiProcess, startSes, tokenOf } from '../support/api.ts';
import { mailsOf, outboxEmptied } from '../support/history.ts';
import { atOnce, type Client, createClient, sendOtp } from '../support/load.ts';
import { behave } from '../support/mailbox.ts';
import { type OwnServer, startOwnServer } from './own-server.ts';

const APIS = 3;
const MAILS = 90;
/** Longer than a claim, 15 s, and than its holder needs to notice. */
const AWAY_MILLISECONDS = 22_000;

let server: OwnServer;
let ses: LocalSes;
let apis: readonly ApiProcess[];
let clients: readonly Client[];
beforeAll(async () => {
  server = await startOwnServer();
  ses = await startSes();
  apis = await atOnce(APIS, () => startApiProcess({ databaseUrl: server.url, sesUrl: ses.url }));
  clients = apis.map((api) => createClient(api.url, MAILS));
  // Until they know the rate, and have left behind that they have only begun.
  await sleep(12_000);
}, 60_000);
afterAll(async () => {
  for (const client of clients ?? []) client.close();
  await Promise.all((apis ?? []).map((api) => api.kill('SIGKILL')));
  await ses?.close();
  await server?.end();
});

const address = (n: number): string => `sender-${n}@example.com`;

test('none is mailed twice, and all that were promised go out', { timeout: 120_000 }, async () => {
  // Most are with the mail service when the database goes, and are answered while it is away.
  await behave(ses.url, { mode: 'latency', milliseconds: 1500 });
  const asked = atOnce(MAILS, async (n) => {
    const token = await tokenOf(crypto.randomUUID());
    return (await clients[n % APIS]?.ask(sendOtp(token, address(n))))?.status;
  });
  expect([...new Set(await asked)]).toEqual([200]);
  await sleep(500);
  await server.restart('fast', AWAY_MILLISECONDS);
  expect(await outboxEmptied(server.owner, 60_000)).toBeDefined();
  const counts = await atOnce(MAILS, async (n) => (await mailsOf(ses.url, address(n))).length);
  expect(Object.fromEntries([...Map.groupBy(counts, (n) => n)].map(([n, all]) => [n, all.length]))).toEqual({
    1: MAILS,
  });
});
