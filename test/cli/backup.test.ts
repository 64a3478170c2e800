/** `sealpost backup`: what an operator reads of the backups, and what is said where something is wrong with one. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeDump } from '../../services/backup/dump.ts';
import { addBackup } from '../../services/cli/backup.ts';
import { runCommand } from '../support/command.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { dumpText, FAKE_DATABASE, fakePgDump, temporaryFolder } from '../support/fake-pg-dump.ts';
import { unstopped } from '../support/handlers.ts';
import { jobOf, runScheduler, schedulerEnvironment } from '../support/scheduler.ts';

const sealpost = (folder: string, ...args: string[]) => runCommand(addBackup, args, { BACKUP_DIR: folder });

/** Two, the newer one last; their names. */
async function twoBackups(folder: string): Promise<readonly [string, string]> {
  const made = async (at: string) => {
    const { place } = fakePgDump(dumpText());
    return (
      await makeDump({
        database: FAKE_DATABASE,
        place,
        folder,
        keys: ['k1'],
        signal: unstopped,
        say: () => {},
        now: new Date(at),
      })
    ).file;
  };
  return [await made('2026-03-01T02:00:00Z'), await made('2026-03-02T02:00:00Z')];
}

describe('list', () => {
  test('has the newest first, with what its manifest says', async () => {
    const folder = temporaryFolder();
    const [older, newer] = await twoBackups(folder);
    rmSync(join(folder, `${older}.json`));
    const { code, stdout } = await sealpost(folder, 'backup', 'list');
    expect(code).toBe(0);
    expect(stdout.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['file', 'MiB', 'events', 'up to', 'schema', 'Sealpost', 'PostgreSQL'],
      [newer, '0.0', '3', '7', '22', '0.1.0', '18.4'],
      [older, '0.0', 'no manifest'],
      [''],
    ]);
    const listed = JSON.parse((await sealpost(folder, 'backup', 'list', '--json')).stdout) as { file: string }[];
    expect(listed.map(({ file }) => file)).toEqual([newer, older]);
    expect(listed[0]).toMatchObject({ manifest: { position: 7, epoch: 4 } });
  });

  test('says where there is none, and what to set where no folder is named', async () => {
    const folder = temporaryFolder();
    expect((await sealpost(folder, 'backup', 'list')).stdout).toBe(`There is no backup in ${folder}.\n`);
    const unset = 'Set BACKUP_DIR to the folder that backups are written to.\n';
    for (const command of ['now', 'list', 'check']) {
      expect(await sealpost('', 'backup', command)).toEqual({ code: 1, stdout: '', stderr: unset });
    }
  });
});

describe('check', () => {
  test('of all is content where all are as they were written', async () => {
    const folder = temporaryFolder();
    await twoBackups(folder);
    const { code, stdout } = await sealpost(folder, 'backup', 'check');
    expect([code, stdout]).toEqual([0, '2 read, all as they were written.\n']);
  });

  test('names a damaged one with exit code 1; another one by itself is well', async () => {
    const folder = temporaryFolder();
    const [older, newer] = await twoBackups(folder);
    const bytes = readFileSync(join(folder, older));
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    writeFileSync(join(folder, older), bytes);
    const { code, stdout, stderr } = await sealpost(folder, 'backup', 'check');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(new RegExp(`^${older} is damaged: [^\\n]+\\n$`));
    expect((await sealpost(folder, 'backup', 'check', newer)).stdout).toBe('1 read, all as they were written.\n');
    expect((await sealpost(folder, 'backup', 'check', 'other')).stderr).toBe(
      `There is no backup other in ${folder}.\n`,
    );
  });
});

describe('now', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await createTestDatabase();
  });
  afterAll(() => db.drop());

  test('has the scheduler make one', async () => {
    await runScheduler(db, [
      jobOf(
        'backup',
        async ({ say }) => {
          say('made');
          return 1;
        },
        '0 0 29 2 *',
      ),
    ]);
    await expect.poll(() => db.owner`select from jobs`).toHaveLength(1);
    const environment = { ...schedulerEnvironment(db), BACKUP_DIR: '/backups' };
    const { code, stdout } = await runCommand(addBackup, ['backup', 'now'], environment);
    expect(stdout).toMatch(/^backup: did 1 in \d\.\d s \(made\)\.\n$/);
    expect(code).toBe(0);
  });
});
