/** Refusals as well-known servers word them, each said by a real server at its stage: whose it is, and what follows for the mail. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createSmtpTransport } from '../../services/mail/smtp.ts';
import type { SendResult } from '../../services/mail/transport.ts';
import { type Script, startScripted } from '../support/scripted-smtp.ts';

const TO = 'anna.schmidt@recipient.test';
const message = { subject: 'Your code', text: '012345 is your code.', html: '<p>012345</p>' };

async function sendTo(script: Script, login?: { user: string; pass: string }): Promise<SendResult> {
  const { port } = await startScripted(script);
  const from = { fromEmail: 'noreply@example.com', fromName: 'Acme' };
  const transport = createSmtpTransport({ host: '127.0.0.1', port, tls: 'off', login, ratePerSecond: 5, ...from });
  return transport.send({ to: TO, reference: 'otp-1', message });
}

/** Server, stage, what follows, whose it is, and the reply: TO stands for the recipient, " / " between its lines. */
const table = readFileSync(new URL('smtp-replies.txt', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => {
    const [server = '', stage = '', kind = '', fault = '', reply = ''] = line.split(' | ');
    return { server, stage, kind, fault, reply: reply.replaceAll('TO', TO).replaceAll(' / ', '\n') };
  });

test.each(table)('$server, at $stage: "$reply" is $kind, the fault is: $fault', async (row) => {
  const { stage, kind, fault, reply } = row;
  // A server that wants no EHLO is asked by HELO.
  const result = await sendTo({ [stage]: () => reply, ...(stage === 'EHLO' && { HELO: () => reply }) });
  expect(result).toMatchObject({ kind, refusal: { fault, status: Number(reply.slice(0, 3)) } });
});

test.each([
  ['535 5.7.8 Error: authentication failed', 'unavailable', 'credentials'],
  [
    '535-5.7.8 Username and Password not accepted. Learn more at\n535 5.7.8 https://support.google.com',
    'unavailable',
    'credentials',
  ],
  ['525 5.7.1 Unauthorized IP address', 'unavailable', 'credentials'],
  ['454 4.7.0 Temporary authentication failure', 'unreached', 'session'],
  ['451 Authentication failed: Maximum credits exceeded', 'unavailable', 'quota'],
])('a login answered by "%s" is %s, the fault is: %s', async (reply, kind, fault) => {
  const script = { EHLO: () => '250-mx.relay.test\n250 AUTH PLAIN', AUTH: () => reply };
  expect(await sendTo(script, { user: 'acme', pass: 'secret' })).toMatchObject({ kind, refusal: { fault } });
});

test.each(['relay-denied', 'daily.sending-limit', 'authorized-to-perform', 'spam', 'configuration-set', 'client.host'])(
  'a recipient called %s accuses nobody: the address in a reply is not read',
  async (name) => {
    const { port } = await startScripted({ RCPT: (argument) => `450 4.7.9 Not now: ${argument}` });
    const from = { fromEmail: 'noreply@example.com', fromName: 'Acme' };
    const options = { host: '127.0.0.1', port, tls: 'off', login: undefined, ratePerSecond: 5, ...from } as const;
    const result = await createSmtpTransport(options).send({ to: `${name}@x.test`, reference: 'r', message });
    expect(result).toMatchObject({ kind: 'throttled', refusal: { fault: 'session', words: '4.7.9 Not now: …' } });
  },
);
