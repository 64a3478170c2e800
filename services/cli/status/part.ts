/** A part of the status: what is looked at, and the one command that comes next where something is wrong with it. */
import { connect, type Sql } from '../../store/database.ts';
import { ownerOptions } from '../admin-url.ts';
import type { Check } from '../doctor/checks.ts';
import type { DoctorContext } from '../doctor/context.ts';
import { NotChecked } from '../doctor/finding.ts';
import { readable } from '../own-url.ts';

export type Part = Check & Readonly<{ next: string }>;

/** The bound of every part; what asks by itself gives up a little earlier, so that it can say so. */
export const PART_MILLISECONDS_MAX = 3000;
export const ASKED_MILLISECONDS_MAX = 2500;

/** Asks as the owner, who may see more than the programs, where there is such a login. */
export async function asOwner<T>({ environment, database }: DoctorContext, ask: (sql: Sql) => Promise<T>): Promise<T> {
  const reader = await database().catch(away);
  const options = readable(() => ownerOptions(environment));
  if (!options) return ask(reader);
  const owner = connect({
    ...options,
    applicationName: 'sealpost-status',
    statementTimeoutMilliseconds: ASKED_MILLISECONDS_MAX,
  });
  try {
    return await ask(owner).catch(() => ask(reader));
  } finally {
    void owner.end({ timeout: 1 });
  }
}

function away(): never {
  throw new NotChecked('the database does not answer');
}
