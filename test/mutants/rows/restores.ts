/** Faults of a restore: what it takes that it should refuse, what it brings back that was ended, and what it changes where it fails. */
import { mutantsOf } from '../file-rows.ts';
import type { Mutant } from '../mutant.ts';

const RESTORE = 'test/cli/restore.test.ts';
const REFUSED = 'test/cli/restore-refused.test.ts';
const KILLS = 'kills every code of either database';

export const restoreMutants: readonly Mutant[] = [
  ...mutantsOf('services/store/carry-over.ts', RESTORE, [
    [
      'the epoch is counted up from the backup’s alone',
      ['I46'],
      'epoch = greatest(epoch, ${epoch}::integer) + 1',
      'epoch = epoch + 1',
      KILLS,
    ],
    [
      'the epoch of the other database is taken as it is',
      ['I46'],
      '${epoch}::integer) + 1',
      '${epoch}::integer)',
      KILLS,
    ],
    [
      'a scheduler of the old database may write into the restored one',
      ['I46', 'I42'],
      'greatest(token, ${leaseToken}::bigint) + 1000',
      'token',
      KILLS,
    ],
    [
      'a restored lease is still held',
      ['I46', 'I42'],
      ", holder = '', expires_at = '-infinity'\n    )",
      '\n    )',
      KILLS,
    ],
    [
      'sessions of before go on',
      ['I46', 'I28'],
      'delete from refresh_tokens returning family',
      'select family from refresh_tokens',
      'leaves accounts as they are now',
    ],
    [
      'an account that was disabled since is there again',
      ['I46', 'I27'],
      'where accounts.id = given.id or accounts.email = given.email',
      'where false',
      'leaves accounts as they are now',
    ],
    [
      'an address that was closed since is open again',
      ['I46', 'I12'],
      "and state ? 'suppression' and id",
      'and false and id',
      'opens no address that was closed since',
    ],
  ]),
  ...mutantsOf('services/cli/restore/restore.ts', RESTORE, [
    [
      'the read tables of a backup are believed',
      ['I46', 'I01'],
      'rebuild(urlOf(target), { check: false,',
      'rebuild(urlOf(target), { check: true,',
      'and puts right what its tables have wrong',
    ],
    [
      'open codes of a backup live on',
      ['I46'],
      'await options.repeat.closeCodes(sql, openAddressesAfter)',
      '0',
      'puts what the backup held in the place',
    ],
  ]),
  ...mutantsOf('services/cli/restore/restore.ts', REFUSED, [
    [
      'what did not load whole is taken',
      ['I46', 'F17'],
      'if (wrong.length === 0)',
      'if (wrong.length >= 0)',
      'psql loads nothing',
    ],
    [
      'a failed restore leaves its database behind',
      ['I46'],
      'await databases.drop(next).catch(() => {});',
      '',
      'psql fails',
    ],
  ]),
  ...mutantsOf('services/cli/restore/refusals.ts', REFUSED, [
    [
      'a backup of a later version is loaded',
      ['I46', 'F18'],
      'if (schema.number > (newest?.number ?? 0))',
      'if (false)',
      'a later schema',
    ],
    [
      'another Sealpost’s backup is loaded',
      ['I46'],
      'one.number === schema.number && one.name === schema.name',
      'one.number === schema.number',
      'another program’s schema',
    ],
    [
      'an older backup is migrated unasked',
      ['I46', 'F18'],
      'newest?.number || olderSchema',
      'newest?.number || true',
      'an older schema',
    ],
    [
      'a backup of other keys is loaded unasked',
      ['I46'],
      'if (newest === undefined || keys',
      'if (newest !== undefined || keys',
      'another key',
    ],
  ]),
  ...mutantsOf('services/cli/restore/command.ts', REFUSED, [
    ['a damaged backup is loaded', ['I46', 'F17'], '...(await source.check(signal))', '', 'a flipped bit'],
    ['nobody is asked', ['I46'], 'given.yes ?? false', 'true', 'nobody can be asked'],
    [
      'two restores of a database run at once',
      ['I46'],
      '    await databases.lock(name);\n',
      '',
      'the later of two at once',
    ],
  ]),
  ...mutantsOf('services/store/databases.ts', RESTORE, [
    [
      'the old database is thrown away',
      ['I46'],
      'await transaction`alter database ${sql(current)} rename to ${sql(kept)}`',
      'await other`drop database ${sql(current)} with (force)`',
      'puts what the backup held in the place',
    ],
  ]),
  ...mutantsOf('services/backup/folder.ts', 'test/backup/kept.test.ts', [
    [
      'the newest backup is the latest, whatever it holds',
      ['I44', 'I46'],
      'return right.epoch - left.epoch || right.position - left.position ||',
      'return',
      'is not one of a database that was made anew',
    ],
    [
      'what was backed up after a restore counts by how far it goes',
      ['I44', 'I46'],
      'right.epoch - left.epoch ||',
      '',
      'after a restore is what was backed up since',
    ],
    [
      'the backup that goes furthest is deleted for its age',
      ['I44'],
      'latestOf(dumps)?.file]',
      'undefined]',
      'is not one of a database that was made anew',
    ],
  ]),
];
