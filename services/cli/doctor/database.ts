/** Checks of the database: that it answers, has this program's schema and rights, keeps what it says and is not behind. */
import { databaseOptions, databaseSettings } from '../../config/database.ts';
import { SchemaMismatch, assertSchema } from '../../store/migrate.ts';
import { outboxSize } from '../../store/outbox.ts';
import { compareSample } from '../../store/sample.ts';
import { type ServerFacts, readClockDifference, readRights, readServerFacts } from '../../store/server-facts.ts';
import type { DoctorContext } from './context.ts';
import { type Finding, NotChecked, ok, warning, wrong } from './finding.ts';
import { parsePostgresUrl } from '../../store/postgres-url.ts';

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

/** Whether the database answers and takes writes; where it does not, what its error means. */
export async function checkDatabase({ database, settings }: DoctorContext): Promise<Finding> {
  const where = placeOf(databaseOptions(settings(databaseSettings), 'sealpost-doctor').url);
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

function placeOf(url: string): string {
  const { hosts, database } = parsePostgresUrl(url);
  const places = hosts.map(({ host, port }) => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`));
  return `${places.join(', ')}/${database}`;
}

// A name with several addresses fails with one error for each; StoreUnavailable carries the driver's as its cause.
function codeOf(error: unknown): string {
  const inner = (error as Error).cause ?? error;
  const first = inner instanceof AggregateError ? (inner.errors[0] as unknown) : inner;
  return (first as NodeJS.ErrnoException).code ?? 'no answer in time';
}

/** Whether the database has this program's schema. */
export async function checkSchema({ database }: DoctorContext): Promise<Finding> {
  const sql = await database().catch(() => {
    throw new NotChecked('the database does not answer');
  });
  try {
    await assertSchema(sql);
    return ok('The schema is up to date.');
  } catch (error) {
    if (!(error instanceof SchemaMismatch)) throw error;
    const [what = '', todo] = error.message.split(/: (?=run )/);
    return wrong(`${what}.`, todo ? `${todo.charAt(0).toUpperCase()}${todo.slice(1)}` : 'Run "sealpost migrate".');
  }
}

/** Whether PostgreSQL keeps what it acknowledged when the power goes, and notices a disk that forgets. */
export async function checkDurability({ database }: DoctorContext): Promise<Finding> {
  const sql = await database().catch(() => {
    throw new NotChecked('the database does not answer');
  });
  return judgeDurability(await readServerFacts(sql));
}

export function judgeDurability(facts: ServerFacts): Finding {
  const { fsync, fullPageWrites, synchronousCommit, dataChecksums } = facts;
  const off = [
    ...(fsync === 'off' ? ['fsync'] : []),
    ...(fullPageWrites === 'off' ? ['full_page_writes'] : []),
    ...(synchronousCommit === 'off' ? ['synchronous_commit'] : []),
  ];
  if (off.length > 0) {
    const what = `${off.join(', ')} ${off.length > 1 ? 'are' : 'is'} off: a crash loses what was acknowledged.`;
    return wrong(what, 'Set it to on in postgresql.conf, and for the role and the database, then reload.');
  }
  if (dataChecksums !== 'on') {
    return warning(
      'data_checksums is off: a disk that corrupts pages goes unnoticed.',
      'Stop PostgreSQL, run "pg_checksums --enable", start it.',
    );
  }
  return ok('fsync, full_page_writes, synchronous_commit and data_checksums are on.');
}

/** Whether the programs' role may do what they need, and cannot change or delete an event. */
export async function checkRights({ schema }: DoctorContext): Promise<Finding> {
  const { role, lacking, excessive } = await readRights(await schema());
  const grant = `As the owner: grant sealpost_app to ${role}, which owns nothing itself.`;
  if (lacking.length > 0) return wrong(`The role ${role} lacks ${lacking.join(', ')}.`, grant);
  if (excessive.length > 0) {
    return warning(
      `The role ${role} may ${excessive.join(', ')}: a mistake or a break-in could change the log.`,
      `Run the programs as a role of their own. ${grant}`,
    );
  }
  return ok(`The role ${role} may add events, and cannot change or delete one.`);
}

const WARNING_MILLISECONDS = 2000;
const WRONG_MILLISECONDS = 30_000;

/** How far the clocks of this process and of the database are apart: tokens go by the one, codes by the other. */
export async function checkClock({ schema }: DoctorContext): Promise<Finding> {
  return judgeClock(Math.round(await readClockDifference(await schema())));
}

/** By the milliseconds that the database's clock is ahead. */
export function judgeClock(difference: number): Finding {
  const apart = Math.abs(difference);
  const what = `The database's clock is ${(apart / 1000).toFixed(apart < 1000 ? 3 : 0)} s ${difference < 0 ? 'behind' : 'ahead'}.`;
  const todo = 'Keep the clocks of both machines in sync (NTP), and check which of them is off.';
  if (apart > WRONG_MILLISECONDS) return wrong(what, todo);
  return apart > WARNING_MILLISECONDS ? warning(what, todo) : ok(what);
}

const DRAWS = 200;

/** Whether the read tables are what the log says, for some addresses drawn by chance; "rebuild --check" looks at all. */
export async function checkReadTables({ schema }: DoctorContext): Promise<Finding> {
  const { addresses, rowsDiffering } = await compareSample(await schema(), DRAWS);
  if (rowsDiffering === 0) return ok(`The read tables match the log, for ${addresses} sampled addresses.`);
  return wrong(
    `${rowsDiffering} rows of the read tables differ from the log, for ${addresses} sampled addresses.`,
    'Find out who wrote to them; "sealpost rebuild --check" counts all, "sealpost rebuild" puts them right.',
  );
}

const WARNING_SECONDS = 30;
const WRONG_SECONDS = 120;

/** Whether mails wait longer than they should. */
export async function checkOutbox({ schema }: DoctorContext): Promise<Finding> {
  return judgeOutbox(await outboxSize(await schema()));
}

export function judgeOutbox({ mails, oldestSeconds }: Awaited<ReturnType<typeof outboxSize>>): Finding {
  if (mails === 0) return ok('No email is waiting.');
  const what = `${mails} emails are waiting, the oldest for ${Math.round(oldestSeconds)} s.`;
  const todo = 'Check above what SES or the api lacks, then look in the log of the api.';
  if (oldestSeconds > WRONG_SECONDS) return wrong(what, todo);
  return oldestSeconds > WARNING_SECONDS ? warning(what, todo) : ok(what);
}
