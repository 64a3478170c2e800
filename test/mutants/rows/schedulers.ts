/** Faults of what lets one of several schedulers work, and of the fence before what it writes. */
import { mutantsOf } from '../file-rows.ts';
import type { Mutant } from '../mutant.ts';

const FENCE = 'migrations/021_create_jobs.sql';

export const schedulerMutants: readonly Mutant[] = [
  ...mutantsOf('services/store/lease.ts', 'test/store/lease.test.ts', [
    [
      'a lease is taken from who holds it',
      ['I42'],
      '        or expires_at < clock_timestamp()\n',
      '        or true\n',
      'has one holder',
    ],
    [
      'who takes the lease over has the token of the one before',
      ['I42'],
      'case when holder = ${holder} then token else token + 1 end',
      'token',
      'has one holder',
    ],
    [
      'a renewal counts as another holder',
      ['I42'],
      'then token else token + 1',
      'then token + 1 else token + 1',
      'has one',
    ],
    [
      'somebody else gives the lease back',
      ['I42'],
      "name = 'scheduler' and holder = ${holder}`;",
      "name = 'scheduler'`;",
      'has one',
    ],
    [
      'a lease that is over counts as held',
      ['I42'],
      "name = 'scheduler' and expires_at > clock",
      "name = 'scheduler' or expires_at > clock",
      'has one',
    ],
  ]),
  ...mutantsOf(FENCE, 'test/store/lease.test.ts', [
    [
      'a write under an earlier token passes',
      ['I42'],
      ' and token = current_setting',
      ' and 1 <= current_setting',
      'refuses each kind',
    ],
    [
      'the fence does not look at deletions',
      ['I42'],
      'before insert or update or delete on',
      'before insert or update on',
      'refuses each kind of write to streams',
    ],
    [
      'the log has no fence',
      ['I42'],
      "'email_otp_verifications', 'events', ",
      "'email_otp_verifications', ",
      'stands before every table',
    ],
    ['a lease passes on amid a write', ['I42'], '  for key share;\n', '  ;\n', 'ends before another can take it over'],
    [
      'a renewal waits for what is being written',
      ['I42'],
      '  for key share;\n',
      '  for share;\n',
      'a renewal waits for nothing',
    ],
  ]),
  ...mutantsOf(FENCE, 'test/store/job-runs.test.ts', [
    ['a job runs twice for a slot', ['I43'], 'unique (job, slot)', 'unique (id, job, slot)', 'a slot is run once'],
  ]),
  ...mutantsOf('services/store/open-pool.ts', 'test/store/lease.test.ts', [
    [
      'a scheduler writes without its token',
      ['I42'],
      'leaseToken !== undefined &&',
      'leaseToken === undefined &&',
      'what a command of a stale scheduler',
    ],
  ]),
  ...mutantsOf('services/scheduler/leadership.ts', 'test/scheduler/leadership.test.ts', [
    [
      'a scheduler that lost the lease works on',
      ['I42'],
      'if (term && token !== term.token) endTerm();',
      '',
      'a lease that passed on ends the work',
    ],
    [
      'a scheduler works without the lease',
      ['I42'],
      'if (token === undefined || stopping',
      'if (stopping',
      'one works and one stands by',
    ],
    [
      'a lease is kept by who has stopped',
      ['I42'],
      'await releaseLease(sql, holder).catch(() => {});',
      '',
      'the second goes on when the first stops',
    ],
    [
      'both schedulers say that they work',
      ['I42'],
      '  metrics.leading.set(0);\n  const loop',
      '  metrics.leading.set(1);\n  const loop',
      'one works and one stands by',
    ],
  ]),
  ...mutantsOf('services/scheduler/leadership.ts', 'test/faults/scheduler-stops.test.ts', [
    [
      'a silent scheduler is waited for a minute',
      ['I42'],
      'LEASE_SECONDS = 15',
      'LEASE_SECONDS = 60',
      'a paused leader is replaced',
    ],
  ]),
];
