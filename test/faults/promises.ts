/** What an api promises with a 200, asked for by real clients and held against what came of it. */
import { expect } from 'vitest';
import type { ApiProcess } from '../support/api.ts';
import { judgeDelivery, outboxEmptied, type Verdict } from '../support/history.ts';
import { atOnce, createClient, type Reply, sendOtp } from '../support/load.ts';
import type { Person, World } from './world.ts';

/** The lease of a sender that was killed, and what its successor may take on top. */
export const TAKEN_OVER_MILLISECONDS = 20_000;

const WARM_REQUESTS = 12;

export type Told = Readonly<{ address: string; otpId: string }>;

export const people = (world: World, name: string, count: number): Promise<Person[]> =>
  atOnce(count, (n) => world.person(`${name}-${n}`));

/** Asks for a code of each person at once. Resolves to those that were promised one, and to all replies. */
export async function ask(api: ApiProcess, of: readonly Person[], onAnswer: () => void = () => {}) {
  const client = createClient(api.url, of.length);
  const told: Told[] = [];
  const replies = await Promise.all(
    of.map(async ({ address, token }): Promise<Reply> => {
      const reply = await client.ask(sendOtp(token, address));
      if (reply.status === 200) told.push({ address, otpId: String(reply.body.otpId) });
      onAnswer();
      return reply;
    }),
  );
  client.close();
  return { told, replies };
}

/**
 * Starts an api with two connections and has it prepare its statements on both, so that a later statement that waits
 * for a lock is already whole at the server. It then asked for 12 codes, all mailed.
 */
export async function startWarm(world: World): Promise<ApiProcess> {
  const api = await world.startApi({ DB_POOL_MAX: '2' });
  for (const person of await people(world, `warm-${api.pid}`, WARM_REQUESTS)) await ask(api, [person]);
  expect(await outboxEmptied(world.db.owner, 5000)).toBeDefined();
  return api;
}

/** Expects everything promised to be kept within so long, and says in figures how. */
export async function kept(
  world: World,
  told: readonly Told[],
  what: string,
  milliseconds: number = TAKEN_OVER_MILLISECONDS,
): Promise<Verdict> {
  const took = await outboxEmptied(world.db.owner, milliseconds);
  const verdict = await judgeDelivery(world.db.owner, world.ses.url, told);
  const figures = { ...verdict, broken: verdict.broken.length };
  process.stdout.write(`${what}: ${JSON.stringify(figures)}, outbox empty after ${Math.round(took ?? -1)} ms\n`);
  expect(verdict.broken.slice(0, 10)).toEqual([]);
  expect(took).toBeDefined();
  return verdict;
}
