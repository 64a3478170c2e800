/** `sealpost db`: which statements are slow, and which tables and indexes hold what nothing needs any more. */
import { type Command, InvalidArgumentError } from 'commander';
import type { Environment } from '../runtime/settings.ts';
import { type IndexSize, readIndexSizes, readTableSizes, type TableSize } from '../store/bloat.ts';
import type { Sql } from '../store/database.ts';
import { type Counting, readCounting, slowestStatements, type SlowStatement } from '../store/statements.ts';
import { withOwner } from './admin-url.ts';
import { inColumns } from './columns.ts';
import { adviceOn } from './db-advice.ts';
import { inBytes } from './in-words.ts';

const STATEMENTS_MAX = 100;

export function addDb(program: Command, environment: Environment): void {
  const withDatabase = withOwner(environment);
  const db = program.command('db').description('the database from within');

  db.command('slow')
    .description('the slowest statements, by the time of all their calls and of one; without any value')
    .option('--limit <number>', `how many of each, ${STATEMENTS_MAX} at most`, limitOf, 10)
    .option('--json', 'as JSON')
    .action(({ limit, json }: { limit: number; json?: boolean }) =>
      withDatabase(async (sql) => {
        const [total, mean] = await slowest(sql, limit);
        const found = { total: total.map(withoutValues), mean: mean.map(withoutValues) };
        if (json) return console.log(JSON.stringify(found, null, 2));
        console.log(`By the time of all calls:\n${statementTable(found.total)}\n`);
        console.log(`By the time of one call:\n${statementTable(found.mean)}`);
      }),
    );

  db.command('bloat')
    .description('the size of each table and index, what of it is dead or bloat, and what to do')
    .option('--json', 'as JSON')
    .action(({ json }: { json?: boolean }) =>
      withDatabase(async (sql) => {
        const [tables, indexes] = await Promise.all([readTableSizes(sql), readIndexSizes(sql)]);
        const advice = adviceOn(tables, indexes, Date.now());
        if (json) return console.log(JSON.stringify({ tables, indexes, advice }, null, 2));
        console.log(`${tableTable(tables)}\n\n${indexTable(indexes)}\n`);
        console.log(advice.length === 0 ? 'Nothing to do.' : advice.join('\n'));
      }),
    );
}

const ASK_SUPERUSER = 'As a superuser, in this database: create extension if not exists pg_stat_statements';
const insteadOf: Readonly<Record<Exclude<Counting, 'ready'>, string>> = {
  'not-loaded': `This PostgreSQL does not count statements: set shared_preload_libraries = 'pg_stat_statements', and restart it. ${ASK_SUPERUSER}`,
  'not-created': `This database does not show the statements that PostgreSQL counts. ${ASK_SUPERUSER}`,
  'not-allowed':
    "This login may not see other roles' statements: grant pg_read_all_stats to it, or set DATABASE_ADMIN_URL to one that may.",
};

async function slowest(sql: Sql, limit: number): Promise<[total: SlowStatement[], mean: SlowStatement[]]> {
  const counting = await readCounting(sql);
  if (counting !== 'ready') throw new Error(`${insteadOf[counting]}.`.replace(/\.\.$/, '.'));
  return Promise.all([slowestStatements(sql, 'total', limit), slowestStatements(sql, 'mean', limit)]);
}

const TEXT_MAX = 100;
/** Their values become parameters; of others, such as "alter role", the server keeps the very text. */
const HAS_PARAMETERS = /^(?:select|insert|update|delete|merge|with)\b/i;

/** In one line, and cut off where a value would begin: of a text that PostgreSQL forgot meanwhile it may keep one. */
export function withoutValues(statement: SlowStatement): SlowStatement {
  const line = statement.text
    .replaceAll(/--[^\n]*|\/\*[^]*?(?:\*\/|$)/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  if (!HAS_PARAMETERS.test(line)) return { ...statement, text: `${/^\w*/.exec(line)?.[0] ?? ''} …` };
  const [clean = ''] = line.split(/'|\$(?!\d)/);
  const shown = clean.replaceAll(/(?<![$\w])\d{4,}/g, '…').slice(0, TEXT_MAX);
  return { ...statement, text: shown.length < line.length && !shown.endsWith('…') ? `${shown.trimEnd()} …` : shown };
}

const statementTable = (statements: readonly SlowStatement[]): string =>
  inColumns([
    ['total s', 'share', 'calls', 'mean ms', 'max ms', 'rows', 'statement'],
    ...statements.map((one) => [
      one.totalSeconds.toFixed(1),
      percent(one.share),
      String(one.calls),
      one.meanMilliseconds.toFixed(2),
      one.maxMilliseconds.toFixed(1),
      String(one.rows),
      one.text,
    ]),
  ]);

const tableTable = (tables: readonly TableSize[]): string =>
  inColumns([
    ['table', 'size', 'live rows', 'dead rows', 'dead', 'bloat', 'vacuumed', 'analyzed'],
    ...tables.map((one) => [
      one.name,
      inBytes(one.bytes),
      String(one.liveRows),
      String(one.deadRows),
      percent(one.deadShare),
      bloat(one.bloatBytes),
      day(one.lastVacuum),
      day(one.lastAnalyze),
    ]),
  ]);

const indexTable = (indexes: readonly IndexSize[]): string =>
  inColumns([
    ['index', 'of', 'size', 'scans', 'bloat'],
    ...indexes.map((one) => [one.name, one.table, inBytes(one.bytes), String(one.scans), bloat(one.bloatBytes)]),
  ]);

const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
const bloat = (bytes: number | null): string => (bytes === null ? 'unknown' : inBytes(bytes));
const day = (at: Date | null): string => at?.toISOString().slice(0, 16).replace('T', ' ') ?? 'never';

function limitOf(given: string): number {
  const number = Number(given);
  if (!Number.isInteger(number) || number < 1 || number > STATEMENTS_MAX) {
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${STATEMENTS_MAX}.`);
  }
  return number;
}
