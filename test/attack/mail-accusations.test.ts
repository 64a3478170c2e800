/** A refusal of the session, the sender or the account is no mail's fault: others hear of it at once, and every mail waits and goes out later. */
import { describe, expect, test } from 'vitest';
import { until } from '../support/contract.ts';
import { relayed } from '../support/relayed.ts';
import type { Script } from '../support/scripted-smtp.ts';

const TO = 'first@example.com';

/** What the relay says, and how the log names it. */
const accusations: readonly (readonly [string, Script, string, number, string])[] = [
  ['554 at connect', { connect: () => '554 5.7.1 Go away' }, 'session', 554, '5.7.1 Go away'],
  ['550 to EHLO', { EHLO: () => '550 Bad name', HELO: () => '550 Bad name' }, 'session', 550, 'Bad name'],
  [
    '530 at MAIL',
    { MAIL: () => '530 5.7.0 Authentication required' },
    'credentials',
    530,
    '5.7.0 Authentication required',
  ],
  [
    '550 at MAIL, as this sender',
    { MAIL: () => '550 5.7.60 You may not send as this sender <noreply@example.com>' },
    'sender',
    550,
    '5.7.60 You may not send as this sender …',
  ],
  [
    'relaying denied at RCPT',
    { RCPT: (argument) => `554 5.7.1 ${argument.slice(3)}: Relaying denied` },
    'sender',
    554,
    '5.7.1 … Relaying denied',
  ],
  [
    'send-as denied after the mail',
    { content: () => '550 5.7.60 SMTP; Client does not have permissions to send as this sender' },
    'sender',
    550,
    '5.7.60 SMTP; Client does not have permissions to send as this sender',
  ],
];

describe.concurrent('a relay that answers with', { timeout: 120_000 }, () => {
  test.each(accusations)('%s', async (_what, script, reason, status, said) =>
    relayed(async ({ smtp, ask, types, lines, metric, skip }) => {
      expect((await ask(TO)).status).toBe(200);
      await until('others hear of it', async () => (await ask(`${crypto.randomUUID()}@example.com`)).status === 503);
      expect((await ask('other@example.com')).body.error).toBe('mail_unavailable');
      expect(lines('mail_unavailable')).toMatchObject([{ reason, status, words: said }]);
      expect(await metric(`sealpost_mail_refusals_total{reason="${reason}"}`)).toBeGreaterThanOrEqual(1);
      expect(await types(TO)).toEqual(['requested']);
      smtp.say({});
      await skip(60);
      await until('it goes out', async () => (await types(TO)).includes('sent'), 40_000);
      expect(await types(TO)).toEqual(['requested', 'sent']);
      expect((await ask('later@example.com')).status).toBe(200);
      expect([lines('mail_unavailable').length, lines('mail_available').length]).toEqual([1, 1]);
      expect(smtp.taken.filter(({ to }) => to === TO)).toHaveLength(1);
    }, script)(),
  );
});

const ODD = '554 5.0.0 The moon is in the wrong house';

describe.concurrent('words that nobody knows', { timeout: 120_000 }, () => {
  test('to one recipient: that mail waits, and all others go out', async () =>
    relayed(
      async ({ smtp, ask, types, lines, skip }) => {
        await ask(TO);
        await until('it was tried', async () => smtp.asked.length === 1);
        await skip(45);
        await until('it is tried again', async () => smtp.asked.length === 2);
        expect((await ask('good@example.com')).status).toBe(200);
        await until('the other goes out', async () => smtp.taken.length === 1);
        expect(lines('mail_unavailable')).toEqual([]);
        expect(await types(TO)).toEqual(['requested']);
        smtp.say({});
        await skip(60);
        await until('it goes out', async () => (await types(TO)).includes('sent'), 40_000);
        expect(await types(TO)).toEqual(['requested', 'sent']);
      },
      { RCPT: (argument) => (argument.includes(TO) ? ODD : undefined) },
    )());

  test('to everybody: three wait, and the fourth hears of it', async () =>
    relayed(
      async ({ smtp, ask, types, lines }) => {
        for (const n of [1, 2, 3]) {
          expect((await ask(`n${n}@example.com`)).status).toBe(200);
          await until('it was tried', async () => smtp.asked.length === n);
        }
        await until('others hear of it', async () => (await ask(`${crypto.randomUUID()}@example.com`)).status === 503);
        expect(lines('mail_unavailable')).toMatchObject([{ reason: 'disputed', status: 554, words: ODD.slice(4) }]);
        expect(await types('n2@example.com')).toEqual(['requested']);
      },
      { content: () => ODD },
    )());
});
