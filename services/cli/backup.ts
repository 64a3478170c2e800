/** `sealpost backup`: makes a backup now, lists those there are, and reads them from end to end. */
import { type Command } from 'commander';
import { inMebibytes } from '../backup/dump.ts';
import { checkDump, type ListedDump, listDumps } from '../backup/folder.ts';
import { backupSettings } from '../config/backup.ts';
import { type Environment, readSettings } from '../runtime/settings.ts';
import { withReader } from './admin-url.ts';
import { inColumns } from './columns.ts';
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
      if (json) console.log(JSON.stringify(dumps, null, 2));
      else console.log(dumps.length === 0 ? `There is no backup in ${folder}.` : asTable(dumps));
    });

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

async function checkAll(folder: string, dumps: readonly ListedDump[]): Promise<readonly string[]> {
  const progress = showProgress(
    'bytes read',
    dumps.reduce((sum, { bytes }) => sum + bytes, 0),
  );
  const problems: string[] = [];
  for (const dump of dumps) {
    problems.push(...(await checkDump(folder, dump, AbortSignal.timeout(CHECKED_WITHIN_MILLISECONDS))));
    progress.advance(dump.bytes);
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
