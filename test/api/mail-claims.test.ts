/** Who mails a code that was just asked for: this process, at once, where its sender has room; where it has none, whoever claims it. */
import { randomUUID } from 'node:crypto';
import { BlockList } from 'node:net';
import { OpenAPIHono } from '@hono/zod-openapi';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createClientIp } from '../../services/api/http/client-ip.ts';
import type { Services } from '../../services/api/app.ts';
import type { AppEnv } from '../../services/api/env.ts';
import { sendOtp } from '../../services/api/routes/send-otp.ts';
import type { Mail } from '../../services/core/mail.ts';
import { claimMails } from '../../services/store/outbox.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { handlerOn } from '../support/handlers.ts';
import { testKeys } from '../support/rules.ts';

let db: TestDatabase;
let hasRoom: boolean;
const offered: Mail[] = [];
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());
beforeEach(() => void offered.splice(0));

async function ask(email: string): Promise<number> {
  const app = new OpenAPIHono<AppEnv>();
  app.use(async (c, next) => {
    c.set('caller', { userId: randomUUID(), roles: [] });
    await next();
  });
  const mailer = { hasRoom: () => hasRoom, now: () => 0, offer: (mail: Mail) => void offered.push(mail) };
  const rules = { handler: handlerOn(db.sql), otpKeys: testKeys, clientIp: createClientIp(new BlockList()) };
  const open = { capacity: () => ({ to: 'everyone' }), purposes: new Set(['verification']) };
  sendOtp(app, { ...rules, ...open, mailer, localeFor: () => 'en' } as unknown as Services);
  const request = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ email }) };
  const env = { incoming: { socket: { remoteAddress: '192.0.2.1' } } };
  return (await app.request('/api/email-verification/send-otp', request, env)).status;
}

/** The addresses of what anybody may claim now. */
const free = async (): Promise<string[]> => (await claimMails(db.sql, 10)).map(({ address }) => String(address));

test('with room it is this process, which holds the claim: nobody else is given the mail meanwhile', async () => {
  hasRoom = true;
  expect(await ask('room@example.com')).toBe(200);
  expect(offered.map(({ address, claim }) => [address, claim])).toEqual([['room@example.com', 0]]);
  expect(offered[0]?.livesMilliseconds).toBe(600_000);
  expect(await free()).toEqual([]);
});

test('without room it is not held for a lease that nobody uses: whoever claims next has it at once', async () => {
  hasRoom = false;
  expect(await ask('full@example.com')).toBe(200);
  expect(offered).toEqual([]);
  expect(await free()).toEqual(['full@example.com']);
});
