/** What an admin reads, for as long as somebody is there to read it. */
import type { Context } from 'hono';
import type { AdminReads } from '../store/admin-reads.ts';
import type { Sql } from '../store/database.ts';
import { Refused } from './http/problem.ts';

export const readFor = <T>(c: Context, reads: AdminReads, work: (sql: Sql) => Promise<T>): Promise<T> =>
  unlessLeft(c, (signal) => reads.read(signal, work));

/** Nobody sees the refusal of a request whose client has closed its connection; it is no failure of the database. */
export async function unlessLeft<T>(c: Context, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { signal } = c.req.raw;
  try {
    return await work(signal);
  } catch (error) {
    throw signal.aborted ? new Refused('request_timeout') : error;
  }
}
