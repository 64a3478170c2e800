/** `sealpost backup`: makes a backup now, lists those there are, and reads them from end to end. */
import { type Command } from 'commander';
import { isWhole, listBases } from '../backup/base.ts';
import { inMebibytes } from '../backup/dump.ts';
import { checkDump, type ListedDump, listDumps } from '../backup/folder.ts';
import { receivedUntil } from '../backup/series.ts';
import { backupSettings } from '../config/backup.ts';
import { addFetch } from './fetch.ts';
import { offSiteLine } from './off-site.ts';
import { walSettings } from '../config/wal.ts';
import { type Environment, readSettings } from '../runtime/settings.ts';
import { type Databases, openDatabases } from '../store/databases.ts';
import { adminLogin, databaseOf, urlOf, withReader } from './admin-url.ts';
import { inColumns } from './columns.ts';
import { confirm } from './confirm.ts';
import { runNow } from './jobs.ts';
import { showProgress } from './progress.ts';

export function addBackup(program: Command, environment: Environment): void {
  const backup = program.command('backup').description('backups of the database');

  backup
    .command('now')
    .description('have the scheduler make one now, and wait until it has')
    .action(async () => {
      folderOf(environment);
      await withReader(environment)((sql) => runNow(sql, 'backup'));
    });

  backup
    .command('list')
    .description('every backup in BACKUP_DIR, newest first')
    .option('--json', 'as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const folder = folderOf(environment);
      const dumps = await listDumps(folder);
      if (json) return console.log(JSON.stringify(dumps, null, 2));
      console.log(dumps.length === 0 ? `There is no backup in ${folder}.` : asTable(dumps));
      for (const line of await momentLines(environment)) console.log(line);
      for (const line of await keptLines(environment)) console.log(line);
      for (const line of await offSiteLine(environment)) console.log(line);
    });

  addFetch(backup, environment);

  backup
    .command('drop <database>')
    .description('delete a database that a restore has kept')
    .option('--yes', 'do not ask')
    .action((database: string, { yes = false }: { yes?: boolean }) => dropKept(environment, database, yes));

  backup
    .command('check [file]')
    .description('read a backup, or all of them, from end to end; exit 1 if one is not what was written')
    .action(async (file: string | undefined) => {
      const folder = folderOf(environment);
      const dumps = await listDumps(folder);
      const asked = file === undefined ? dumps : dumps.filter((one) => one.file === file);
      if (asked.length === 0)
        throw new Error(`There is no backup ${file === undefined ? '' : `${file} `}in ${folder}.`);
      const problems = await checkAll(folder, asked);
      for (const problem of problems) console.error(problem);
      if (problems.length > 0) process.exitCode = 1;
      else console.log(`${asked.length} read, all as they were written.`);
    });
}

function folderOf(environment: Environment): string {
  const { BACKUP_DIR } = readSettings(backupSettings, environment);
  if (BACKUP_DIR === undefined) throw new Error('Set BACKUP_DIR to the folder that backups are written to.');
  return BACKUP_DIR;
}

/** Which seconds can be restored: a line for each series of WAL. */
async function momentLines(environment: Environment): Promise<readonly string[]> {
  const { WAL_DIR } = readSettings(walSettings, environment);
  if (WAL_DIR === undefined) return [];
  const bases = (await listBases(WAL_DIR)).filter(isWhole);
  const series = Map.groupBy(bases, ({ series: one }) => one.wal);
  const lines = await Promise.all(
    [...series.values()].map(async (its) => {
      const [oldest, newest] = [its.at(-1), its[0]];
      const until = newest && (await receivedUntil(newest.series));
      return oldest && until
        ? `Any second can be restored from ${oldest.manifest.made_at} to ${until.toISOString()}, by ${its.length} base backup${its.length === 1 ? '' : 's'} and the WAL.`
        : '';
    }),
  );
  return lines.filter(Boolean);
}

/** A restore's databases of before; nothing where the server cannot be asked, for the files can be listed all the same. */
async function keptLines(environment: Environment): Promise<readonly string[]> {
  const kept = await withDatabases(environment, (databases, name) => databases.kept(name)).catch(() => []);
  return kept.map(({ name, bytes }) => `Kept by a restore: the database ${name}, ${inMebibytes(bytes)} MiB.`);
}

async function dropKept(environment: Environment, database: string, yes: boolean): Promise<void> {
  await withDatabases(environment, async (databases, name) => {
    const kept = await databases.kept(name);
    if (!kept.some((one) => one.name === database)) {
      const there = kept.map((one) => one.name).join(', ') || 'none';
      throw new Error(`${database} is no database that a restore has kept: there is ${there}.`);
    }
    await confirm(`Everything in ${database} will be gone.`, database, yes);
    await databases.drop(database);
    console.log(`Dropped ${database}.`);
  });
}

async function withDatabases<T>(
  environment: Environment,
  work: (databases: Databases, name: string) => Promise<T>,
): Promise<T> {
  const login = adminLogin(environment);
  const databases = openDatabases(urlOf(login));
  try {
    return await work(databases, databaseOf(login));
  } finally {
    await databases.close();
  }
}

async function checkAll(folder: string, dumps: readonly ListedDump[]): Promise<readonly string[]> {
  const bytes = dumps.reduce((sum, one) => sum + one.bytes, 0);
  const progress = showProgress('read', bytes, process.stderr, (amount) => `${inMebibytes(amount)} MiB`);
  const problems: string[] = [];
  for (const dump of dumps) {
    problems.push(
      ...(await checkDump(folder, dump, AbortSignal.timeout(CHECKED_WITHIN_MILLISECONDS), progress.advance)),
    );
  }
  progress.end();
  return problems;
}

/** One backup. */
const CHECKED_WITHIN_MILLISECONDS = 3_600_000;

const asTable = (dumps: readonly ListedDump[]): string =>
  inColumns([
    ['file', 'MiB', 'events', 'up to', 'schema', 'Sealpost', 'PostgreSQL'],
    ...dumps.map(({ file, bytes, manifest }) => [
      file,
      inMebibytes(bytes),
      ...(typeof manifest === 'object'
        ? [
            String(manifest.rows.events ?? 0),
            String(manifest.position),
            String(manifest.schema.number),
            manifest.version,
            manifest.server,
          ]
        : [manifest ? 'damaged manifest' : 'no manifest', '', '', '', '']),
    ]),
  ]);
