/** Faults of `./sealpost back`: what it loses, what it runs on, and what it must refuse first. */
import { mutantsOf } from '../file-rows.ts';

const GOES = 'it looks with the version before, checks its commit out and rolls';
const RESTORES = 'where the version before refuses the database';
const REFUSED = 'it is refused in words and nothing is changed';

export const stackBackMutants = mutantsOf('services/stack/back.sh', 'test/stack-files/back.test.ts', [
  [
    'a backup is restored where none has to be',
    ['I24', 'F18'],
    '[ -z "$broken" ] || restore_before',
    'restore_before',
    GOES,
  ],
  [
    'the version before runs on a schema that it refuses',
    ['I24'],
    '  [ -z "$broken" ] || restore_before\n',
    '',
    RESTORES,
  ],
  ['requests are accepted that the restore loses', ['I24'], '  compose stop api scheduler\n', '', RESTORES],
  [
    'a restore by the newer version',
    ['I24', 'F18'],
    'SEALPOST_VERSION=next compose run --rm --no-deps -T cli restore',
    'compose run --rm --no-deps -T cli restore',
    RESTORES,
  ],
  [
    'after a failed restore nothing runs',
    ['I24', 'F18'],
    '    compose start api scheduler\n',
    '',
    'a restore that fails',
  ],
  [
    'after a failed restore the clone is of another version than the database',
    ['I24'],
    '    git checkout --quiet "$branch"\n',
    '',
    'a restore that fails',
  ],
  [
    'the operator’s changes are in the way half way',
    ['I24'],
    '  [ -z "$changes" ] || fail',
    '  [ -z "$changes" ] || say',
    REFUSED,
  ],
  [
    'a database that is away counts as one to restore',
    ['I24'],
    "*'is newer than this program ('*) broken",
    '*) broken',
    REFUSED,
  ],
  [
    'a second way back goes to the same version',
    ['I36'],
    "  sed '$d' own/versions >own/versions.new\n",
    '  cp own/versions own/versions.new\n',
    GOES,
  ],
  ['a backup of no name', ['I24'], '$after ${dump:--}"', '$after -"', 'an upgrade writes down what it comes from'],
  [
    'the commit of what runs is the one of the clone',
    ['I24'],
    'from=$(commit_running)',
    'from=$(commit_here)',
    'an upgrade writes down what it comes from',
  ],
]);
