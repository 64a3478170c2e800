/** Whether the database answers and takes writes; where it does not, what its error means. */
import { databaseOptions, databaseSettings } from '../../config/database.ts';
import { readServerFacts } from '../../store/server-facts.ts';
import { type Finding, NotChecked, ok, wrong } from './check.ts';
import type { DoctorContext } from './context.ts';

const start = 'Start PostgreSQL, or correct DATABASE_URL or DB_HOST and DB_PORT.';

/** By SQLSTATE, the driver's and the system's codes. */
const todos: Readonly<Record<string, string>> = {
  ECONNREFUSED: start,
  ENOTFOUND: 'Correct the name of the host in DATABASE_URL or DB_HOST.',
  EAI_AGAIN: 'Correct the name of the host in DATABASE_URL or DB_HOST, or the resolver of this machine.',
  CONNECT_TIMEOUT: 'Look for a firewall between here and there; else restart PostgreSQL.',
  '28P01': 'Correct the password in DATABASE_URL or DB_PASSWORD.',
  '28000': 'Let the role log in from here (pg_hba.conf), or set DB_SSL=require.',
  '3D000': 'Create the database, then run "sealpost migrate".',
  '53300': 'Raise max_connections, or lower DB_POOL_MAX.',
  '53100': 'The disk of PostgreSQL is full: make room.',
  '57P03': 'It is starting or stopping: wait, and read its log.',
};

export async function checkDatabase({ database, settings }: DoctorContext): Promise<Finding> {
  const { host, pathname } = new URL(databaseOptions(settings(databaseSettings), 'sealpost-doctor').url);
  const where = `${host}${pathname}`;
  try {
    const { version, readOnly } = await readServerFacts(await database());
    if (readOnly) return wrong(`PostgreSQL at ${where} is read-only.`, 'Name the primary, not a standby.');
    return ok(`PostgreSQL ${version} answers at ${where}.`);
  } catch (error) {
    if (error instanceof NotChecked) throw error;
    const code = codeOf(error);
    return wrong(`PostgreSQL does not answer at ${where} (${code}).`, todos[code] ?? start);
  }
}

// A name with several addresses fails with one error for each; StoreUnavailable carries the driver's as its cause.
function codeOf(error: unknown): string {
  const inner = (error as Error).cause ?? error;
  const first = inner instanceof AggregateError ? (inner.errors[0] as unknown) : inner;
  return (first as NodeJS.ErrnoException).code ?? 'no answer in time';
}
