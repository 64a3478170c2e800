/** The database whose place is taken: what of it would be lost, and what a restore carries over. */
import {
  countEventsAfter,
  type AccountRow,
  type LogFacts,
  type Marks,
  readAccounts,
  readLogFacts,
  readMarks,
} from '../../store/carry-over.ts';
import type { DatabaseOptions } from '../../store/database.ts';
import { errorInWords } from '../../runtime/safe-error.ts';
import { inDatabaseOf } from './owner.ts';

export type Live = LogFacts & Readonly<{ since: Readonly<Record<string, number>>; marks: Marks }>;

/** What it holds, and how many events of each type after this position; or in words why that cannot be read. */
export async function readLive(
  login: Pick<DatabaseOptions, 'url' | 'ssl'>,
  after: number,
): Promise<Live | Readonly<{ unreadable: string }>> {
  try {
    return await inDatabaseOf(login, async (sql) => ({
      ...(await readLogFacts(sql)),
      since: await countEventsAfter(sql, after),
      marks: await readMarks(sql),
    }));
  } catch (error) {
    return { unreadable: errorInWords(error) };
  }
}

export type CarriedOver = Readonly<{ marks: Marks; accounts: readonly AccountRow[] }>;

export async function readCarriedOver(login: Pick<DatabaseOptions, 'url' | 'ssl'>): Promise<CarriedOver> {
  return inDatabaseOf(login, async (sql) => ({ marks: await readMarks(sql), accounts: await readAccounts(sql) }));
}
