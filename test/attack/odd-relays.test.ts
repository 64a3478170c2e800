/** Relays that break the rules: whatever they say or leave out, an attempt ends, a mail that was taken is recorded once, and nobody is named. */
import { describe, expect, test } from 'vitest';
import { createSmtpTransport } from '../../services/mail/smtp.ts';
import type { SendResult } from '../../services/mail/transport.ts';
import { until } from '../support/contract.ts';
import { atOnce } from '../support/load.ts';
import { relayed } from '../support/relayed.ts';
import { type Script, startScripted } from '../support/scripted-smtp.ts';

const TO = 'anna.schmidt@example.com';
const message = { subject: 'Your code', text: '012345 is your code.', html: '<p>012345</p>' };

async function sendTo(script: Script): Promise<SendResult> {
  const { port } = await startScripted(script);
  const from = { fromEmail: 'noreply@example.com', fromName: 'Acme' };
  const options = { host: '127.0.0.1', port, tls: 'off', login: undefined, ratePerSecond: 5, ...from } as const;
  return createSmtpTransport(options).send({ to: TO, reference: 'otp-1', message });
}

const closes: Script[keyof Script] = (_argument, socket) => {
  socket.destroy();
  return '';
};

describe('an attempt at a relay', () => {
  test.each<[string, Script, string]>([
    ['that closes when the mail is there', { content: closes }, 'unsure'],
    ['that closes instead of a greeting', { connect: closes }, 'unreached'],
    ['that closes at RCPT', { RCPT: closes }, 'unreached'],
    ['that says 421 after MAIL', { MAIL: () => '421 4.3.2 Closing' }, 'throttled'],
    ['that says 421 after the mail', { content: () => '421 4.3.2 Closing' }, 'throttled'],
    ['that answers MAIL twice', { MAIL: () => '250 Ok\n250 Ok' }, 'throttled'],
    ['that speaks HTTP', { connect: () => 'HTTP/1.1 400 Bad Request' }, 'unreached'],
    ['that takes the mail with 64 KB in lines', { content: () => `${'250-busy\n'.repeat(7000)}250 Ok` }, 'accepted'],
    ['that refuses with 64 KB in a line', { RCPT: () => `550 5.1.1 ${'no '.repeat(21_000)}` }, 'rejected'],
    ['that never ends its refusal', { RCPT: () => `${'550-5.1.1 no\n'.repeat(20_000)}550-5.1.1 no` }, 'unreached'],
    ['that never ends its greeting', { connect: () => `${'220-hello\n'.repeat(20_000)}220-hello` }, 'unreached'],
    ['whose refusal has another class than its status', { RCPT: () => '550 4.1.1 no' }, 'rejected'],
    ['that says nothing but a number', { RCPT: () => '550' }, 'rejected'],
  ])('%s', async (_what, script, kind) => {
    const result = await sendTo(script);
    expect(result.kind).toBe(kind);
    const kept = 'refusal' in result ? result.refusal?.words : 'messageId' in result ? result.messageId : '';
    expect([...(kept ?? '')].length).toBeLessThanOrEqual(200);
  });
});

test('a mail that was taken with words that no database keeps, and with the address in them, is recorded once and sent once', async () =>
  relayed(
    async ({ smtp, ask, events, types }) => {
      await ask(TO);
      await until('it is recorded', async () => (await types(TO)).includes('sent'));
      expect((await events(TO)).map(({ data }) => (data as { messageId?: string }).messageId)).toEqual([
        undefined,
        '250 2.0.0 Ok for … queued as 4F5',
      ]);
      expect(smtp.taken).toHaveLength(1);
    },
    { content: () => `250 2.0.0 Ok\u0000 for <${TO}>: queued as 4F5\u0000` },
  )());

test('a refusal for good is told with its words: in the log of events and the metrics, and names nobody', async () =>
  relayed(
    async ({ api, ask, events, types, metric }) => {
      await ask(TO);
      await until('it is recorded', async () => (await types(TO)).includes('send_failed'));
      expect((await events(TO)).at(-1)?.data).toMatchObject({
        reason: 'rejected',
        status: 550,
        words: '5.1.1 … Recipient address rejected: User … unknown',
      });
      expect(await metric('sealpost_mail_refusals_total{reason="recipient"}')).toBe(1);
      expect(api.output()).not.toMatch(/anna|schmidt/i);
      expect((await ask('ben@example.com')).status).toBe(200);
    },
    {
      RCPT: (to) =>
        to.includes(TO)
          ? `550-5.1.1 ${to.slice(3)}: Recipient address\n550 5.1.1 rejected: User Anna Schmidt <x@y> unknown`
          : undefined,
    },
  )());

test('two hundred greylisted recipients beside ten others: the ten go out first', { timeout: 120_000 }, async () =>
  relayed(
    async ({ smtp, ask, db }) => {
      for (let n = 0; n < 5; n++) await atOnce(40, (m) => ask(`grey-${n}-${m}@example.com`));
      // As if all of them had been tried, and their pauses were over.
      await db.owner`update outbox set deferrals = 1, claimed_until = event_clock() - interval '1 minute'`;
      const before = smtp.asked.length;
      await atOnce(10, (n) => ask(`good-${n}@example.com`));
      await until('the ten are there', async () => smtp.taken.length === 10);
      expect(smtp.asked.length - before).toBeLessThan(100);
    },
    { RCPT: (to) => (to.includes('<grey') ? '450 4.2.0 Greylisted' : undefined) },
  )(),
);
