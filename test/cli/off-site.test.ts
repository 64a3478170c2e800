/** `sealpost backup list` and the doctor on the copy elsewhere. */
import { expect, test } from 'vitest';
import { checkOffSite } from '../../services/config/off-site.ts';
import { addBackup } from '../../services/cli/backup.ts';
import { runCommand } from '../support/command.ts';
import { examineOne } from '../support/doctor.ts';
import { temporaryFolder } from '../support/fake-pg-dump.ts';
import { fakeRestic } from '../support/fake-restic.ts';

const at = 'b2:bucket:folder';
const set = { BACKUP_REPOSITORY: at, BACKUP_REPOSITORY_PASSWORD: 'the password of it' };

const list = async (script: string, env: Readonly<Record<string, string>> = set) => {
  const { path: PATH } = fakeRestic(script).place;
  const { code, stdout } = await runCommand(addBackup, ['backup', 'list'], {
    BACKUP_DIR: temporaryFolder(),
    DB_PORT: '1',
    PATH,
    ...env,
  });
  return [code, stdout.trim().split('\n').slice(1)];
};

test.each([
  [
    'the newest snapshot',
    `echo '[{"group_key":{},"snapshots":[{"short_id":"8a1a9047","time":"2026-03-01T03:10:07Z"}]}]'`,
    'snapshot 8a1a9047 of 2026-03-01T03:10:07.000Z.',
  ],
  ['that there is none', "echo '[]'", 'no snapshot yet.'],
  [
    'why it cannot be asked',
    'echo Fatal: wrong password >&2; exit 12',
    'it cannot be asked: restic ended with exit code 12: Fatal: wrong password',
  ],
])('the list ends with %s, and with exit code 0', async (_, script, line) => {
  expect(await list(script)).toEqual([0, [`Off the machine, in ${at}: ${line}`]]);
});

test('the list waits ten seconds for a repository, and says nothing of one that is not set', async () => {
  expect(await list('exec sleep 60')).toEqual([
    0,
    [`Off the machine, in ${at}: it cannot be asked: no answer within 10 s.`],
  ]);
  expect(await list('', {})).toEqual([0, []]);
}, 20_000);

const look = (env: Record<string, string>) => examineOne({ env }, 'off-site');

test('the doctor warns in production where the backups are on this machine alone', async () => {
  expect(await look({ NODE_ENV: 'production' })).toMatchObject({
    status: 'warning',
    todo: expect.stringMatching(/^Set BACKUP_REPOSITORY and BACKUP_REPOSITORY_PASSWORD/),
  });
  expect((await look({})).status).toBe('skipped');
  expect(await look({ NODE_ENV: 'production', ...set })).toMatchObject({
    status: 'ok',
    what: expect.stringContaining(at),
  });
});

const none = { BACKUP_DIR: undefined, BACKUP_REPOSITORY: undefined, BACKUP_REPOSITORY_PASSWORD: undefined };

test.each([
  [{}, []],
  [{ BACKUP_DIR: '/b', ...set }, []],
  [{ BACKUP_DIR: '/b', BACKUP_REPOSITORY: at }, ['BACKUP_REPOSITORY_PASSWORD']],
  [set, ['BACKUP_DIR']],
  [{ BACKUP_REPOSITORY_KEY_ID: 'x' }, ['BACKUP_REPOSITORY_KEY_ID and BACKUP_REPOSITORY_SECRET_KEY']],
  [{ BACKUP_REPOSITORY_SECRET_KEY: 'x' }, ['BACKUP_REPOSITORY_KEY_ID and BACKUP_REPOSITORY_SECRET_KEY']],
])('of %j these are told: %j', (given, names) => {
  expect(checkOffSite({ ...none, ...given }).map((problem) => problem.split(':')[0])).toEqual(names);
});
