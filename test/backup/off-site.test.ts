/** The copy elsewhere: what restic is asked and in which order, what stands in no command line, and what is told. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { copyOffSite, newestSnapshot } from '../../services/backup/off-site.ts';
import { backUpOffSite } from '../../services/scheduler/jobs/off-site.ts';
import { temporaryFolder } from '../support/fake-pg-dump.ts';
import { fakeRestic } from '../support/fake-restic.ts';
import { unstopped } from '../support/handlers.ts';

const PASSWORD = 'the password of it';
const KEY = { id: 'the-key-id', secret: 'the-secret-key' };
const at = 's3:https://s3.example.com/bucket';
const repository = { at, password: PASSWORD, key: KEY };

/** A folder with a dump; a copy of it and of what is not there. */
function given() {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'dump.gz'), 'x');
  const scratch = join(folder, '.off-site');
  return { sources: [folder, join(folder, 'no-such')], scratch };
}

async function copy(script = '', { check = false, signal = unstopped, of = repository } = {}) {
  const restic = fakeRestic(script);
  const notes: string[] = [];
  const { sources, scratch } = given();
  const say = (note: string): void => void notes.push(note);
  const failed = await copyOffSite({ repository: of, place: restic.place, signal, sources, scratch, check, say }).then(
    () => undefined,
    (error: Error) => error.message,
  );
  return { asked: restic.asked(), environment: restic.environment(), notes, failed, scratch, folder: sources[0] ?? '' };
}

const commandsOf = (asked: readonly string[]): string => asked.map((line) => line.split(' ')[0]).join(' ');

describe('a copy', () => {
  test('is of what is there, by our name, then thinned out: never before there is a newer one', async () => {
    const { asked, notes, failed, folder, scratch } = await copy();
    expect(failed).toBeUndefined();
    expect(asked).toEqual([
      'cat --no-cache config',
      'unlock --no-cache',
      `backup --no-cache --json --host sealpost --tag sealpost --exclude ${scratch} --exclude ${at} --exclude scratch --exclude *.part --exclude *.new -- ${folder}`,
      'forget --no-cache --host sealpost --tag sealpost --group-by host,tags --keep-daily 30 --keep-monthly 12 --prune',
    ]);
    expect(notes.at(-1)).toBe('snapshot 8a1a9047, 7 files, 3.5 MiB added');
  });

  test('that fails thins out nothing, says restic’s own words, and leaves nothing of its own work', async () => {
    const words = `{"message_type":"exit_error","code":1,"message":"Fatal: no route to ${PASSWORD} ${KEY.secret} ${KEY.id}"}`;
    const { asked, failed, scratch } = await copy(`[ "$1" != backup ] || { echo '${words}' >&2; exit 1; }`);
    expect(commandsOf(asked)).toBe('cat unlock backup');
    expect(failed).toBe('restic ended with exit code 1: Fatal: no route to … … …');
    expect(existsSync(scratch)).toBe(false);
  });

  test('makes a repository where there is none, and none where it cannot be reached or has another password', async () => {
    const made = await copy('[ "$1" != cat ] || exit 10');
    expect(commandsOf(made.asked)).toBe('cat init unlock backup forget');
    expect(made.notes.at(-1)).toMatch(/^new repository, snapshot 8a1a9047/);
    for (const end of [1, 11, 12]) {
      const { asked, failed } = await copy(`[ "$1" != cat ] || { echo no >&2; exit ${end}; }`);
      expect([commandsOf(asked), failed]).toEqual(['cat', `restic ended with exit code ${end}: no`]);
    }
  });

  test('of a file that was renamed meanwhile is made once more, and no third time', async () => {
    const once = await copy('[ "$1" != backup ] || [ -e "$at/once" ] || { touch "$at/once"; exit 3; }');
    expect([commandsOf(once.asked), once.failed]).toEqual(['cat unlock backup backup forget', undefined]);
    const always = await copy('[ "$1" != backup ] || exit 3');
    expect(commandsOf(always.asked)).toBe('cat unlock backup backup');
    expect(always.failed).toContain('restic ended with exit code 3');
  });

  test('that does not say what it copied, or has nothing to copy, has failed', async () => {
    expect((await copy('[ "$1" != backup ] || exit 0')).failed).toBe('restic did not say what it has copied.');
    const restic = fakeRestic();
    const how = { repository, place: restic.place, signal: unstopped, check: false, say: () => {} };
    await expect(copyOffSite({ ...how, sources: ['/no/such'], scratch: '/no/such/x' })).rejects.toThrow(
      'Nothing to copy',
    );
    expect(restic.asked()).toEqual([]);
  });

  test('ends when it is told to', async () => {
    const { failed, asked } = await copy('exec sleep 30', { signal: AbortSignal.timeout(300) });
    expect(failed).toMatch(/^restic ended with SIGTERM/);
    expect(commandsOf(asked)).toBe('cat');
  });

  test('is read in part on Sundays alone', async () => {
    for (const [day, last] of [
      ['2026-03-01T03:10:00Z', 'check'],
      ['2026-03-02T03:10:00Z', 'forget'],
    ]) {
      const restic = fakeRestic();
      const notes: string[] = [];
      const config = { place: restic.place, offSite: { repository, ...given() } };
      const services = { signal: unstopped, say: (note: string): void => void notes.push(note) };
      expect(await backUpOffSite(config, services, new Date(day ?? ''))).toBe(1);
      expect(restic.asked().at(-1)?.split(' ')[0]).toBe(last);
      expect(notes.at(-1)?.endsWith('; 5% read, all as written')).toBe(last === 'check');
    }
  });
});

describe('a secret', () => {
  test('stands in no command line; restic finds it in its own environment, and nothing else of ours', async () => {
    const { asked, environment } = await copy('', { check: true });
    expect(asked.length).toBe(5);
    for (const secret of [PASSWORD, KEY.id, KEY.secret]) expect(asked.join('\n')).not.toContain(secret);
    expect(environment).toMatchObject({ RESTIC_PASSWORD: PASSWORD, RESTIC_REPOSITORY: at });
    expect(environment).toMatchObject({ AWS_ACCESS_KEY_ID: KEY.id, AWS_SECRET_ACCESS_KEY: KEY.secret });
    const known = /^(?:PATH|PWD|SHLVL|OLDPWD|_|LC_ALL|TMPDIR|RESTIC_\w+|AWS_\w+)$/;
    expect(Object.keys(environment).filter((name) => !known.test(name))).toEqual([]);
  });

  test.each([
    ['b2:bucket:folder', { B2_ACCOUNT_ID: KEY.id, B2_ACCOUNT_KEY: KEY.secret }],
    ['rest:https://backup.example.com/', { RESTIC_REST_USERNAME: KEY.id, RESTIC_REST_PASSWORD: KEY.secret }],
  ])('of %s has the name that restic reads there', async (place, expected) => {
    const { environment } = await copy('', { of: { ...repository, at: place } });
    expect(environment).toMatchObject(expected);
    expect(environment).not.toHaveProperty('AWS_SECRET_ACCESS_KEY');
  });
});

const ask = (found: unknown) => {
  const { place } = fakeRestic(`echo '${JSON.stringify(found)}'`);
  return newestSnapshot({ repository, place, signal: unstopped });
};

test('the newest snapshot is found among the groups, and none is none', async () => {
  const snapshots = [
    { short_id: 'old', time: '2026-03-01T03:10:00.123456789Z' },
    { short_id: 'new', time: '2026-03-02T05:10:00.123456789+02:00' },
  ];
  expect(await ask([{ group_key: {}, snapshots }])).toMatchObject({
    id: 'new',
    at: new Date('2026-03-02T03:10:00.123Z'),
  });
  expect(await ask([])).toBeUndefined();
});

test('a repository in the folder of the backups is not copied into itself', async () => {
  const { asked } = await copy('', { of: { ...repository, at: '/var/backups/postgresql/restic' } });
  expect(asked.find((line) => line.startsWith('backup'))).toContain(' --exclude /var/backups/postgresql/restic ');
});
