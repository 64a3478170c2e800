/** What an admin reads, for as long as somebody is there to read it. */
import type { IncomingMessage } from 'node:http';
import type { Context } from 'hono';
import type { AdminReads } from '../store/admin-reads.ts';
import type { Sql } from '../store/database.ts';
import { Refused } from './http/problem.ts';

export const readFor = <T>(c: Context, reads: AdminReads, work: (sql: Sql) => Promise<T>): Promise<T> =>
  unlessLeft(c, (signal) => reads.read(signal, work));

/** Nobody sees the refusal of a request whose client has closed its connection; it is no failure of the database. */
export async function unlessLeft<T>(c: Context, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const left = new AbortController();
  const leave = (): void => left.abort();
  const { signal } = c.req.raw;
  signal.addEventListener('abort', leave);
  // Who has closed one half of the connection may still read an answer; of what may take long, that is taken for leaving.
  const socket = (c.env?.incoming as IncomingMessage | undefined)?.socket;
  socket?.once('end', leave);
  try {
    return await work(left.signal);
  } catch (error) {
    throw left.signal.aborted ? new Refused('request_timeout') : error;
  } finally {
    signal.removeEventListener('abort', leave);
    socket?.off('end', leave);
  }
}
