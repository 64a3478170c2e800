/** Faults of shapes that change from one version of the program to the next: snapshots and events. */
import { mutantsOf } from '../file-rows.ts';
import type { Mutant } from '../mutant.ts';

const beside = 'test/api/next-state.test.ts';

export const versionMutants: readonly Mutant[] = [
  ...mutantsOf('services/store/load.ts', beside, [
    [
      'a snapshot of another shape is believed',
      ['I01', 'I24', 'I40'],
      'case when state_version = ${STATE_VERSION} then state end',
      'state',
      'a count that only the next one keeps',
    ],
  ]),
  ...mutantsOf('services/store/append.ts', beside, [
    [
      'who writes a snapshot leaves the mark of who wrote it before',
      ['I01', 'I24'],
      '        state_version = given.state_version,\n',
      '',
      'a count that only the next one keeps',
    ],
  ]),
  ...mutantsOf('services/store/derive.ts', beside, [
    [
      'the rows of another version are called different',
      ['I01', 'I24'],
      'present.state_version <> rebuilt.state_version',
      'false',
      'neither calls the rows of the other different',
    ],
    [
      'nothing of a row of another version is compared',
      ['I01', 'I24'],
      'and (present.version, present.expires_at) is not distinct from (rebuilt.version, rebuilt.expires_at)',
      '',
      'a snapshot that is wrong in what both know',
    ],
  ]),
  ...mutantsOf('services/store/sample.ts', beside, [
    [
      'the drift gauge calls the rows of another version different',
      ['I01', 'I24'],
      'wrong && settled',
      'settled',
      'neither calls the rows of the other different',
    ],
  ]),
  ...mutantsOf('services/core/upcast.ts', 'test/core/upcast.test.ts', [
    [
      'an event of a newer program is read as if nothing had changed',
      ['I01', 'I24'],
      'if (v > steps.length + 1) {',
      'if (v > steps.length + 9) {',
      'of a version that this program does not know',
    ],
    [
      'an event goes through steps that it has behind it',
      ['I01'],
      'steps.slice(v - 1)',
      'steps.slice(0)',
      'of the second through the last',
    ],
    [
      'an event does not say which shape it has',
      ['I01'],
      'Object.assign({ v }, data)',
      'data',
      'is written with the version of its shape',
    ],
  ]),
];
