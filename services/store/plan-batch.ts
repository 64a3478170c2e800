/** Loads what a batch of commands needs, in one statement, and decides it. */
import type { CodeBook } from '../core/context.ts';
import type { Command } from '../core/decide.ts';
import type { EmailAddress } from '../core/email-address.ts';
import type { Policy } from '../core/policy.ts';
import type { Sql } from './database.ts';
import { openReservations, windowsOf } from './limits/reservations.ts';
import { load } from './load.ts';
import { type Asked, planStream, type StreamPlan } from './plan.ts';

export type PlanOptions = Readonly<{
  sql: Sql;
  policy: Policy;
  /** The keyed functions of an epoch, which a restore counts up. */
  codeBook: (epoch: number) => CodeBook;
  /** What may stand in the log for this address where it was erased and is closed to mails; the first is the one to write. */
  closedHashes: (address: EmailAddress) => readonly string[];
}>;

/** Commands that may need an id for a new row of user_email_addresses. */
const makesRows = new Set<Command['type']>(['request-code', 'assert-verification', 'import-link']);
/** Commands that ask whether the address is closed to mails. */
const asksForClosed = new Set<Command['type']>(['request-code', 'lift-suppression', 'erase']);

/** Loads what a batch needs and decides it, stream by stream; `spareIds` are used up and refilled. */
export async function planBatch<A extends Asked>(
  { sql, policy, codeBook, closedHashes }: PlanOptions,
  batch: readonly A[],
  spareIds: number[],
): Promise<readonly StreamPlan<A>[]> {
  const commands = batch.map(({ command }) => command);
  const streams = Map.groupBy(batch, ({ command }) => command.address);
  const mayNeed = commands.filter(({ type }) => makesRows.has(type)).length;
  const asking = new Set(commands.filter(({ type }) => asksForClosed.has(type)).map(({ address }) => address));
  const hashes = new Map([...asking].map((address) => [address, closedHashes(address)]));
  const { now, epoch, earlierUses, counts, snapshots, ...loaded } = await load(sql, {
    streamIds: [...streams.keys()],
    freshEmailIds: Math.max(0, mayNeed - spareIds.length),
    keys: batch.flatMap(({ options }) => options.key ?? []),
    windows: windowsOf(commands, policy),
    closedHashes: [...hashes.values()].flat(),
  });
  spareIds.push(...loaded.freshEmailIds);
  const reservations = openReservations(counts, policy);
  const context = { now, policy, codeBook: codeBook(epoch), earlierUses, reservations };
  return [...streams].map(([id, items]) => {
    const own = hashes.get(id) ?? [];
    const reason = loaded.closed.findLast(({ hash }) => own.includes(hash))?.reason ?? undefined;
    const closed = reason && { reason };
    return planStream(id, items, snapshots.get(id), { ...context, closed, addressHash: own[0] }, spareIds);
  });
}
