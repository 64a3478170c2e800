/** K1: the nightly job makes a backup and then forgets old ones; the check reads them all, and names what is wrong. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { nameOfDump } from '../../services/backup/manifest.ts';
import type { Sql } from '../../services/store/database.ts';
import { createMetrics } from '../../services/runtime/metrics.ts';
import { backUp, checkBackups } from '../../services/scheduler/jobs/backup.ts';
import { dumpText, FAKE_DATABASE, fakePgDump, temporaryFolder } from '../support/fake-pg-dump.ts';
import { unstopped } from '../support/handlers.ts';

const DAY = 86_400_000;
const database = { ...FAKE_DATABASE, poolMax: 2, applicationName: 'test', statementTimeoutMilliseconds: 5000 };

/** A database that does not tell whose cluster it is of. */
const nobody = (() => Promise.reject(new Error('no'))) as unknown as Sql;

const back = async (folder: string, text = dumpText(), then = '') => {
  const metrics = createMetrics('scheduler');
  const notes: string[] = [];
  const config = { database, place: fakePgDump(text, then).place, backup: { folder, keepDays: 30 } };
  const done = await backUp(
    { ...config, keys: ['k1'] },
    { sql: nobody, signal: unstopped, say: (note) => void notes.push(note), metrics },
  );
  const gauge = async (name: 'backupBytes' | 'backupPosition') => (await metrics[name].get()).values[0]?.value;
  return { done, notes, bytes: await gauge('backupBytes'), position: await gauge('backupPosition') };
};

const check = async (folder: string, now?: number, signal = unstopped) => {
  const notes: string[] = [];
  const read = await checkBackups({ folder, keepDays: 30 }, { signal, say: (note) => void notes.push(note) }, now);
  return { read, notes };
};

const dumpsIn = (folder: string) => readdirSync(folder).filter((name) => name.endsWith('.sql.gz'));
const old = nameOfDump('the_database', new Date(Date.now() - 31 * DAY));

describe('backup', () => {
  test('makes one, tells its size and how far it goes, and forgets those of more than 30 days', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, old), '');
    const { done, notes, bytes, position } = await back(folder);
    const [name = '', ...others] = dumpsIn(folder);
    expect([done, others, position]).toEqual([1, [], 7]);
    expect(bytes).toBe(readFileSync(join(folder, name)).length);
    expect(notes.at(-1)).toBe(`${name}, 0.0 MiB, 3 events; 1 old ones deleted`);
    expect((await back(folder)).notes.at(-1)).toMatch(/, 3 events$/);
  });

  test('that fails deletes nothing', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, old), '');
    await expect(back(folder, dumpText(), 'exit 1')).rejects.toThrow('pg_dump ended with exit code 1');
    expect(readdirSync(folder)).toEqual([old]);
  });
});

describe('check-backups', () => {
  test('reads each there is', async () => {
    const folder = temporaryFolder();
    await back(folder);
    expect(await check(folder)).toEqual({ read: 1, notes: ['0 of 1 read', '1 read, all as they were written'] });
  });

  test('names every damaged one, and an old newest one', async () => {
    const folder = temporaryFolder();
    await back(folder);
    const [name = ''] = dumpsIn(folder);
    const bytes = readFileSync(join(folder, name));
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    writeFileSync(join(folder, name), bytes);
    writeFileSync(join(folder, old), '');
    const late = Date.now() + DAY + 2 * 3_600_000;
    await expect(check(folder, late)).rejects.toThrow(
      new RegExp(
        `^The newest backup, ${name}, is 2[56] hours old\\. ${name} is damaged: .*\\. ${old} is damaged: .*\\.$`,
      ),
    );
  });

  test('tells that the log began anew: the newest goes less far than one before', async () => {
    const folder = temporaryFolder();
    await back(folder);
    const [before = ''] = dumpsIn(folder);
    await back(folder, dumpText({ tables: { events: ['"position"', ['2']] } }));
    const newest = dumpsIn(folder).find((name) => name !== before);
    await expect(check(folder)).rejects.toThrow(
      `The newest backup, ${newest}, ends at event 2, and ${before} at 7: was the database made anew? "sealpost restore latest" takes the latter.`,
    );
  });

  test('an hour late is late, and a quarter is not', async () => {
    const folder = temporaryFolder();
    await back(folder);
    expect((await check(folder, Date.now() + DAY)).read).toBe(1);
    await expect(check(folder, Date.now() + DAY + 3_700_000)).rejects.toThrow('is 25 hours old.');
  });

  test('where there is none, or none that is whole, says so', async () => {
    const folder = temporaryFolder();
    await expect(check(folder)).rejects.toThrow(`There is no backup in ${folder}.`);
    await expect(check('/no/such/folder')).rejects.toThrow('The folder /no/such/folder cannot be read (ENOENT).');
  });

  test('that is stopped says how far it came', async () => {
    const folder = temporaryFolder();
    await back(folder);
    await expect(check(folder, undefined, AbortSignal.abort())).rejects.toThrow(
      'Only 0 of 1 backups were read before the deadline.',
    );
  });
});
