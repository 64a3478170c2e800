/** The stack of the tests that only look: with two apis, a secret of the operator's, and a verified address. */
import { user } from '../../support/api.ts';
import { awaitCode, wrongCode } from '../../support/mailbox.ts';
import { MAILBOX, type Stack, startStack } from './stack.ts';

export const OPERATORS_SECRETS = {
  JWT_SECRET: 'a-secret-of-the-operator-0123456789abcdef',
  GRAFANA_PASSWORD: 'a-password-of-the-operators-grafana',
  POSTGRES_PASSWORD: 'a-password-of-the-operators-postgres',
  OTP_KEYS: 'one:a-key-of-the-operator-0123456789abcdef',
};
export const SEEN = 'seen@example.com';

/** Set once startOneStack has resolved. */
export let stack: Stack;

export async function startOneStack(): Promise<void> {
  stack = await startStack({ env: { ...OPERATORS_SECRETS, API_REPLICAS: '2' } });
  const token = await stack.token(user(1));
  const post = (path: string, body: object) =>
    stack.answer({ method: 'POST', path: `/api/email-verification/${path}`, token, body });
  await post('send-otp', { email: SEEN });
  const otp = await awaitCode(MAILBOX, SEEN);
  for (const guess of [wrongCode(otp), otp]) await post('verify-otp', { email: SEEN, otp: guess });
}
