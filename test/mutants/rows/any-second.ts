/** Faults of base backups and WAL: a moment that is not reached, a gap that nobody sees, what goes too early. */
import { mutantsOf } from '../file-rows.ts';
import type { Mutant } from '../mutant.ts';

const WAL = 'test/backup/wal.test.ts';
const MOMENTS = 'test/backup/moments.test.ts';

export const anySecondMutants: readonly Mutant[] = [
  ...mutantsOf('services/backup/series.ts', WAL, [
    [
      'a gap in the WAL is none',
      ['I47'],
      'if (!there.has(name)) return name;',
      'if (!there.has(name)) return undefined;',
      'that is missing is named',
    ],
    [
      'the segment that is being received is packed',
      ['I47', 'F10'],
      "filter(({ kind }) => kind === 'whole').slice(0, -1)",
      "filter(({ kind }) => kind !== 'packed')",
      'is packed once it is whole',
    ],
    ['what was packed stays as it was too', ['I47'], '  await rm(from);\n', '', 'is packed once it is whole'],
    [
      'WAL goes on in the first series after a gap',
      ['I47'],
      ').findLast((one) => one.systemId',
      ').find((one) => one.systemId',
      'goes to its newest series',
    ],
    [
      'the WAL of any cluster continues a base',
      ['I47'],
      'one.systemId === systemId',
      "one.systemId !== ''",
      'goes to its newest series',
    ],
  ]),
  ...mutantsOf('services/backup/base.ts', WAL, [
    [
      'a base backup that failed is left behind',
      ['I47'],
      'for (const left of [part, manifestOf(folder)])',
      'for (const left of [manifestOf(folder)])',
      'nothing of it is left',
    ],
    [
      'a base backup without a manifest is whole',
      ['I47'],
      'base.manifest !== undefined',
      'true',
      'without its manifest is not whole',
    ],
    [
      'a damaged base backup is not named',
      ['I47'],
      'problems.push(`${name} is damaged',
      'void (`${name} is damaged',
      'a check names what is wrong',
    ],
  ]),
  ...mutantsOf('services/backup/old-bases.ts', WAL, [
    [
      'the base that the first of the days begins from goes',
      ['I47'],
      'bases.slice(0, firstNeeded + 1)',
      'bases.slice(0, firstNeeded)',
      'is every moment of so many days',
    ],
    [
      'WAL goes that a base needs',
      ['I47'],
      'name.slice(8) < oldest.slice(8)',
      'name.slice(8) <= oldest.slice(8)',
      'is every moment of so many days',
    ],
    [
      'a series that ended stays for ever',
      ['I47'],
      'until.getTime() < since',
      'until.getTime() < 0',
      'of a series that ended before',
    ],
    [
      'the series that goes furthest goes with the others',
      ['I47'],
      'series.wal !== furthest && ',
      '',
      'of a series that ended before',
    ],
  ]),
  ...mutantsOf('services/receiver/start.ts', 'test/receiver/receiver.test.ts', [
    [
      'a receiver that fails is healthy',
      ['I47', 'F10'],
      "(receiving ? [] : ['receive-wal'])",
      '[]',
      'says once that it fails',
    ],
    [
      'the receiver fails in silence',
      ['I47', 'F10'],
      'if (!stopping.signal.aborted) report.failed(error);',
      '',
      'says once that it fails',
    ],
    [
      'WAL that is gone is waited for',
      ['I47', 'F10'],
      'if (REMOVED.test(error.message)) return beginNext();',
      '',
      'begins another series',
    ],
    [
      'the slot stays where WAL is gone',
      ['I47', 'F10'],
      "    await tool('--drop-slot');\n",
      '',
      'begins another series',
    ],
    ['a gap is not told', ['I47', 'F10'], "    log.error('wal_lost');\n", '', 'begins another series'],
  ]),
  ...mutantsOf('services/scheduler/jobs/base-backup.ts', 'test/receiver/receiver.test.ts', [
    [
      'nobody receives, and the job is content',
      ['I47', 'F10'],
      'if (!slot?.active)',
      'if (slot?.active)',
      'tells that nobody receives',
    ],
  ]),
  ...mutantsOf('services/backup/latest.ts', MOMENTS, [
    [
      'a base after the moment is replayed to it',
      ['I47'],
      'if (Date.parse(base.manifest.made_at) > at.getTime()) continue;',
      '',
      'is reached from the newest base before it',
    ],
    [
      'a moment beyond the WAL is taken',
      ['I47'],
      'if (until && until >= at) return base;',
      'return base;',
      'is reached from the newest base before it',
    ],
    [
      'an old base is more than a later dump',
      ['I47'],
      'return until && until >= dump.madeAt ? same : undefined;',
      'return same;',
      'the WAL ended before the dump',
    ],
    [
      'a base of another cluster continues a dump',
      ['I47'],
      'series.systemId === dump.manifest.system_id',
      "series.systemId !== ''",
      'the dump is of another cluster',
    ],
    [
      'an empty database that was made anew is the latest',
      ['I47'],
      '|| Number(a.isLive) - Number(b.isLive)',
      '',
      'and holds nothing is not what',
    ],
    [
      'how far a log was seen does not count',
      ['I47'],
      'ahead(looked, base.manifest) > 0',
      'false',
      'nor while it holds less',
    ],
  ]),
];
