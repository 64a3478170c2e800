/** What comes back of a copy elsewhere, and where it goes to. */
import { expect, test } from 'vitest';
import { fetchNewest } from '../../services/backup/off-site.ts';
import { addBackup } from '../../services/cli/backup.ts';
import { runCommand } from '../support/command.ts';
import { fakeRestic } from '../support/fake-restic.ts';
import { unstopped } from '../support/handlers.ts';

const PASSWORD = 'the password of it';
const repository = { at: 'b2:bucket:folder', password: PASSWORD, key: undefined };
const paths = ['/b/postgresql', '/b/secrets.sealpost', '/elsewhere'];
const holding = (found: readonly object[]) => fakeRestic(`[ "$1" != snapshots ] || echo '${JSON.stringify(found)}'`);
const snapshot = { short_id: '8a1a9047', time: '2026-03-01T03:10:07Z', paths };
const beside = { source: '/b/secrets.sealpost', folder: '/b/postgresql/.fetched' };
const sources = ['/b/postgresql', '/b/wal', '/b/secrets.sealpost'];

test('each of our folders goes to its own place, the sealed secrets where they can be written, and nothing else anywhere', async () => {
  const restic = holding([snapshot]);
  const fetched = await fetchNewest({ repository, place: restic.place, signal: unstopped, sources, beside });
  expect(fetched).toMatchObject({ id: '8a1a9047', sources: ['/b/postgresql', '/b/secrets.sealpost'] });
  expect(restic.asked().slice(1)).toEqual([
    'restore --no-cache 8a1a9047:/b --target /b --include /postgresql',
    'restore --no-cache 8a1a9047:/b --target /b/postgresql/.fetched --include /secrets.sealpost',
  ]);
  expect(restic.asked().join('\n')).not.toContain(PASSWORD);
});

test.each([
  ['no snapshot', [], "There is no snapshot of Sealpost's in b2:bucket:folder."],
  ['one of other folders alone', [{ ...snapshot, paths: ['/x'] }], 'Snapshot 8a1a9047 is of other folders: /x.'],
])('of %s nothing is fetched', async (_, found, said) => {
  const restic = holding(found);
  const fetching = fetchNewest({ repository, place: restic.place, signal: unstopped, sources, beside });
  await expect(fetching).rejects.toThrow(said);
  expect(restic.asked()).toHaveLength(1);
});

test('the command says what it fetched, and without a password that there is nobody to ask', async () => {
  const restic = holding([{ ...snapshot, paths: ['/no/such/postgresql'] }]);
  const run = (env: Readonly<Record<string, string>>) =>
    runCommand(addBackup, ['backup', 'fetch', 'b2:bucket:folder'], {
      PATH: restic.place.path,
      BACKUP_DIR: '/no/such/postgresql',
      ...env,
    });
  expect(await run({ BACKUP_REPOSITORY_PASSWORD: PASSWORD })).toEqual({
    code: 0,
    stdout: 'Fetched snapshot 8a1a9047 of 2026-03-01T03:10:07.000Z: /no/such/postgresql.\n',
    stderr: '',
  });
  const asked = restic.asked().length;
  expect((await run({})).stderr).toMatch(
    /^There is nobody to ask: Password of the repository .*\. Put it into \.env\.\n$/,
  );
  expect(restic.asked()).toHaveLength(asked);
});
