/** K1: a backup is there whole, under the guide's name and with its manifest, or not at all. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeDump } from '../../services/backup/dump.ts';
import { isGood, listDumps } from '../../services/backup/folder.ts';
import { toolMajor, type ToolPlace } from '../../services/backup/tool.ts';
import { unstopped } from '../support/handlers.ts';
import { dumpText, FAKE_DATABASE, fakePgDump, temporaryFolder } from '../support/fake-pg-dump.ts';

const NOW = new Date('2026-03-01T02:00:07.300Z');
const NAME = 'the_database_backup_20260301_020007.sql.gz';

const make = (place: ToolPlace, folder: string, signal = unstopped, say = (_note: string): void => {}) =>
  makeDump({ database: FAKE_DATABASE, place, folder, keys: ['k1'], signal, say, now: NOW });

describe('a backup', () => {
  test('has the database and the time in its name, the text of pg_dump, and a manifest of what stands in it', async () => {
    const { place, asked } = fakePgDump(dumpText());
    const folder = join(temporaryFolder(), 'made', 'for it');
    const notes: string[] = [];
    const made = await make(place, folder, unstopped, (note) => void notes.push(note));
    const bytes = readFileSync(join(folder, NAME));
    expect(gunzipSync(bytes).toString()).toBe(dumpText());
    expect(made).toEqual({
      format: 1,
      file: NAME,
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      made_at: '2026-03-01T02:00:07.300Z',
      version: '0.1.0',
      server: '18.4',
      schema: { number: 22, name: '022_last.sql' },
      epoch: 4,
      position: 7,
      keys: ['k1'],
      rows: { accounts: 0, events: 3, installation: 1, schema_migrations: 3 },
    });
    expect(JSON.parse(readFileSync(join(folder, `${NAME}.json`), 'utf8'))).toEqual(made);
    expect(readdirSync(folder).toSorted()).toEqual([NAME, `${NAME}.json`]);
    expect([NAME, `${NAME}.json`].map((name) => statSync(join(folder, name)).mode & 0o777)).toEqual([0o600, 0o600]);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(notes.at(-1)).toBe('0.0 MiB read');
    // No secret in a command line, which every process may read.
    const [words, environment] = [asked, asked].map((file) => readFileSync(file, 'utf8').split('\n'));
    expect(words?.slice(0, 3)).toEqual([
      '--no-owner',
      '--lock-wait-timeout=60s',
      '--exclude-extension=pg_stat_statements',
    ]);
    expect(environment?.slice(3, -1)).toEqual([
      'PGAPPNAME=sealpost-backup',
      'PGCONNECT_TIMEOUT=10',
      'PGDATABASE=the_database',
      'PGHOST=db.example.test',
      'PGPASSWORD=sécret',
      'PGPORT=5433',
      'PGSSLMODE=disable',
      'PGUSER=somebody',
    ]);
  });

  test('by a pg_dump that knows no exclusion of extensions asks for none', async () => {
    const { place, asked } = fakePgDump(dumpText(), '', 'pg_dump (PostgreSQL) 16.9');
    await make(place, temporaryFolder());
    expect(readFileSync(asked, 'utf8')).toMatch(/^--no-owner\n--lock-wait-timeout=60s\nPG/);
  });

  test.each<[string, string, string, RegExp]>([
    [
      'pg_dump fails',
      dumpText(),
      'echo "pg_dump: error: no" >&2; exit 3',
      /^pg_dump ended with exit code 3: pg_dump: error: no$/,
    ],
    ['pg_dump fails without a word', dumpText(), 'exit 1', /^pg_dump ended with exit code 1: it said nothing$/],
    ['pg_dump is killed', dumpText(), 'kill -9 $$', /^pg_dump ended with SIGKILL/],
    [
      'the dump ends early',
      dumpText({ end: '' }),
      '',
      /^the_database_backup_20260301_020007\.sql\.gz is not whole: the end of the dump is missing\.$/,
    ],
    [
      'it is of another program’s database',
      'COPY public.events ("position") FROM stdin;\n1\n\\.\n-- PostgreSQL database dump complete\n',
      '',
      /is not of a Sealpost: its tables are missing\.$/,
    ],
    ['there is nothing in it', '', '', /is not whole/],
  ])('is none where %s, and nothing of it is left', async (_, text, then, told) => {
    const { place } = fakePgDump(text, then);
    const folder = temporaryFolder();
    await expect(make(place, folder)).rejects.toThrow(told);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('says what is missing where pg_dump is not there', async () => {
    const nowhere = { path: '/no/such/folder', authorities: undefined };
    await expect(make(nowhere, temporaryFolder())).rejects.toThrow(
      /^pg_dump: it is not on this machine\. Install PostgreSQL's client programs, of the server's version or later\.$/,
    );
    expect(await toolMajor('pg_dump', nowhere)).toBeUndefined();
  });

  test('knows the version of pg_dump', async () => {
    const { place } = fakePgDump('');
    expect(await toolMajor('pg_dump', place)).toBe(18);
    expect(await toolMajor('pg_dump', fakePgDump('', '', 'nonsense').place)).toBeUndefined();
  });

  test('ends when it is told to, also where pg_dump does not obey, and nothing is left', async () => {
    const deaf = join(temporaryFolder(), 'deaf');
    const { place } = fakePgDump(dumpText(), `trap '' TERM; touch '${deaf}'; while :; do sleep 0.1; done`);
    const folder = temporaryFolder();
    const stop = new AbortController();
    const making = make(place, folder, stop.signal);
    await expect.poll(() => existsSync(deaf)).toBe(true);
    expect(readdirSync(folder)).toEqual([`${NAME}.part`]);
    stop.abort();
    await expect(making).rejects.toThrow('pg_dump ended with SIGKILL');
    expect(readdirSync(folder)).toEqual([]);
  });

  test('says where it cannot be written, and why', async () => {
    const { place } = fakePgDump(dumpText());
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    await expect(make(place, join(folder, 'file'))).rejects.toThrow(
      /^The backup cannot be written to \S+file: (?:EEXIST|ENOTDIR)\.$/,
    );
    symlinkSync('/dev/full', join(folder, `${NAME}.part`));
    await expect(make(place, folder)).rejects.toThrow(`The backup cannot be written to ${folder}: its disk is full.`);
    expect(readdirSync(folder)).toEqual(['file']);
  });

  test('of two in one second the later has the next name, and a failed one takes nothing of the other', async () => {
    const folder = temporaryFolder();
    const { place } = fakePgDump(dumpText());
    await make(place, folder);
    await expect(make(fakePgDump('').place, folder)).rejects.toThrow('is not whole');
    expect((await make(place, folder)).file).toBe('the_database_backup_20260301_020008.sql.gz');
    const names = (await listDumps(folder)).filter(isGood).map(({ file }) => file);
    expect(names).toEqual(['the_database_backup_20260301_020008.sql.gz', NAME]);
  });

  test('killed in the midst is not listed, and does not hinder the next', async () => {
    const { place } = fakePgDump(dumpText(), 'sleep 30');
    const folder = temporaryFolder();
    const code = `import { makeDump } from './services/backup/dump.ts';
      await makeDump({ database: ${JSON.stringify(FAKE_DATABASE)}, place: ${JSON.stringify(place)}, folder: ${JSON.stringify(folder)}, keys: [],
        signal: new AbortController().signal, say() {}, now: new Date('${NOW.toISOString()}') });`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'inherit' });
    onTestFinished(() => void child.kill('SIGKILL'));
    await expect.poll(() => readdirSync(folder)).toEqual([`${NAME}.part`]);
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(await listDumps(folder)).toEqual([]);
    await make(fakePgDump(dumpText()).place, folder);
    expect(readdirSync(folder).toSorted()).toEqual([NAME, `${NAME}.json`]);
  });
});
