/** Requests of many users through the edge, over connections that stay open, each counted by its answer. */
import { Agent } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { JWT_SECRET, user } from '../../support/api.ts';
import { issueToken } from '../../../services/runtime/token.ts';
import type { Answered } from './ask.ts';
import type { Stack } from './stack.ts';

/** The stack's settings in these tests: tokens are made here, and all come from one IP. */
export const trafficEnv = { JWT_SECRET, RATE_LIMIT_PER_SECOND: '0', RATE_LIMIT_MAX_REQUESTS: '0' };

export const tokenOf = (n: number, secret = JWT_SECRET): Promise<string> =>
  issueToken({ secret, userId: user(n), role: undefined, expiresIn: '1h' });

export type Traffic = Readonly<{
  /** By status and refusal, or by the error's code where there was no answer. */
  answers: Map<string, number>;
  /** Addresses whose send-otp was answered 200. */
  accepted: readonly string[];
}>;

/**
 * `count` requests by `workers` at once, or as many as `during` lasts: every second one asks for a code, with an
 * Idempotency-Key as a careful client does, the others read. `at` is called once that many are done.
 */
export async function runTraffic(
  stack: Stack,
  options: Readonly<{
    prefix: string;
    workers: number;
    count?: number;
    at?: [number, () => Promise<void>];
    during?: () => Promise<unknown>;
    /** What the tokens are signed with, where the stack has made it. */
    secret?: string;
  }>,
): Promise<Traffic> {
  const { count = Infinity, workers, prefix, at, during, secret } = options;
  const agent = new Agent({ keepAlive: true, maxSockets: workers });
  const answers = new Map<string, number>();
  const accepted: string[] = [];
  const state = { begun: 0, over: false };
  let event: Promise<void> | undefined;
  const lasting = during?.().finally(() => (state.over = true));
  const worker = async (): Promise<void> => {
    while (state.begun < count && !state.over) {
      state.begun += 1;
      const n = state.begun;
      // As many as show a gap, and no load that would be a test of its own.
      if (during) await sleep(40);
      if (at && n === at[0]) event = at[1]();
      const address = `${prefix}${n}@example.com`;
      const outcome = await one(n, address).catch((error: NodeJS.ErrnoException) => error.code ?? error.message);
      const refusal = typeof outcome === 'string' ? '' : String(outcome.body.error ?? '');
      const key = typeof outcome === 'string' ? outcome : `${outcome.status} ${refusal}`.trim();
      answers.set(key, (answers.get(key) ?? 0) + 1);
      if (n % 2 === 0 && key === '200') accepted.push(address);
    }
  };
  await Promise.all(Array.from({ length: workers }, worker));
  await Promise.all([event, lasting]);
  agent.destroy();
  return { answers, accepted };

  async function one(n: number, email: string): Promise<Answered> {
    const token = await tokenOf(n, secret);
    if (n % 2 === 1) return stack.answer({ path: '/api/email-verification/list', token, agent });
    const headers = { 'Idempotency-Key': `traffic-${prefix}-${String(n).padStart(8, '0')}` };
    return stack.answer({
      method: 'POST',
      path: '/api/email-verification/send-otp',
      token,
      body: { email },
      headers,
      agent,
    });
  }
}
