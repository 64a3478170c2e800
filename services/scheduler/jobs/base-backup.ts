/** The nightly base backup, and the look at who receives the WAL after it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { basesOf, isWhole, makeBase } from '../../backup/base.ts';
import { forgetOldBases } from '../../backup/old-bases.ts';
import { currentSeries, packSegments, writeProgress } from '../../backup/series.ts';
import type { ToolPlace } from '../../backup/tool.ts';
import type { WalOptions } from '../../config/wal.ts';
import { PlainError } from '../../runtime/safe-error.ts';
import { type Sql, withPool } from '../../store/database.ts';
import { askForRun } from '../../store/job-runs.ts';
import { readClusterFacts, readSlot } from '../../store/wal.ts';
import type { JobServices } from '../job.ts';

type BaseConfig = Readonly<{ wal: WalOptions; place: ToolPlace; keys: readonly string[] }>;

/** Makes one, packs the WAL, then deletes what is too old: never before there is a newer one. Returns 1. */
export async function backUpBase(
  { wal: { folder, keepDays, login }, place, keys }: BaseConfig,
  { sql, signal, say }: Pick<JobServices, 'sql' | 'signal' | 'say'>,
): Promise<number> {
  const facts = await readClusterFacts(sql);
  const series = await currentSeries(folder, facts.systemId);
  await untilReceived(sql, signal);
  say('pg_basebackup works');
  const { name } = await makeBase({ login, place, series, facts, keys, signal });
  const packed = await packSegments(series, signal);
  const gone = await forgetOldBases(folder, keepDays);
  say(`${name}, from event ${facts.position}; ${packed} files of WAL packed, ${gone} old base backups deleted`);
  return 1;
}

/** What nobody received before it began is a gap after it, so a receiver that is only starting is waited for. */
async function untilReceived(sql: Sql, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + RECEIVER_STARTS_WITHIN_MILLISECONDS;
  while (!(await readSlot(sql))?.active && performance.now() < deadline) {
    await sleep(LOOKED_EVERY_MILLISECONDS, undefined, { signal });
  }
}

const RECEIVER_STARTS_WITHIN_MILLISECONDS = 60_000;
const LOOKED_EVERY_MILLISECONDS = 500;
const STATEMENT_MILLISECONDS = 5000;

/** Measures how far the receiver is; asks for a base backup where the WAL has none to go on from. Throws where nobody receives. */
export async function watchWal(
  { folder, login }: WalOptions,
  { sql, metrics }: Pick<JobServices, 'sql' | 'metrics'>,
): Promise<number> {
  // As the role that receives: PostgreSQL tells nobody else how far it is.
  const own = {
    ...login,
    poolMax: 1,
    applicationName: 'sealpost-scheduler',
    statementTimeoutMilliseconds: STATEMENT_MILLISECONDS,
  };
  const slot = await withPool(own, readSlot);
  metrics.walReceiving.set(slot?.active ? 1 : 0);
  metrics.walLost.set(slot?.status === 'lost' ? 1 : 0);
  if (slot) metrics.walLag.set(slot.lagBytes);
  if (!slot?.active)
    throw new PlainError(`Nobody receives the WAL: ${slot ? `its slot is ${slot.status}` : 'it has no slot'}.`);
  const facts = await readClusterFacts(sql);
  const series = await currentSeries(folder, facts.systemId);
  writeProgress(series, facts);
  const bases = await basesOf(series);
  if (!bases.some(isWhole)) await askForRun(sql, 'base-backup');
  return 1;
}
