/** Faults of the reputation: who is held back when mails come back, and from what on. */
import { mutantsOf } from '../file-rows.ts';

const HELD = ['I64', 'T10', 'I12'];

export const reputation = [
  ...mutantsOf('services/mail/reputation.ts', 'test/mail/reputation.test.ts', [
    [
      'the bounces hold everybody back above their limit only',
      HELD,
      'left / mails < shareMax) return until',
      'left / mails <= shareMax) return until',
      'are held back from 5 % of people',
    ],
    [
      'complaints hold nobody back',
      HELD,
      "const held = (['complained', 'bounced'] as const)",
      "const held = (['bounced'] as const)",
      'from 0.3 % who complained',
    ],
    [
      'bounces hold nobody back',
      HELD,
      "const held = (['complained', 'bounced'] as const)",
      "const held = (['complained'] as const)",
      'are held back from 5 % of people',
    ],
    ['few mails hold everybody back', HELD, ' || mails < SENT_MIN ||', ' ||', 'few mails say nothing'],
    ['four accounts hold everybody back', HELD, 'const PEOPLE_MIN = 5;', 'const PEOPLE_MIN = 4;', 'from 0.3 % who'],
    ['a limit of 0 holds back at once', HELD, 'if (shareMax === 0) return 0;', '', 'a limit of 0 never holds'],
    [
      'the wait is told as over before it is',
      ['C07', ...HELD],
      'until = hour + HOUR_MILLISECONDS + DAY_MILLISECONDS;',
      'until = hour + DAY_MILLISECONDS;',
      'until so many of the oldest are a day old',
    ],
    [
      'two mistyped addresses hold a user back',
      HELD,
      'export const USER_REPORTS_MIN = 3;',
      'export const USER_REPORTS_MIN = 2;',
      'two bounces of two',
    ],
    [
      'a user with many mails is held back for three',
      HELD,
      ' && user[one].addresses / user.codes >= shareMax[one]',
      '',
      'three of 61',
    ],
  ]),
  ...mutantsOf('services/mail/capacity.ts', 'test/mail/capacity.test.ts', [
    [
      'all are held back where one user is',
      HELD,
      'const user = users?.get(userId);',
      'const user = [...(users?.values() ?? [])][0];',
      'held back for another',
    ],
    ['codes are promised while no mail goes out', ['C08', 'I11', 'F04'], '!isAvailable() || ', '', 'service away'],
    ['codes are promised while too many wait', ['C08', 'I11', 'F04'], ' || isFull()', '', 'outbox full'],
  ]),
  ...mutantsOf('services/api/watch-reputation.ts', 'test/api/watches.test.ts', [
    [
      'sending that was paused never goes on',
      HELD,
      '    seen = { standing, at: performance.now() };',
      '    seen ??= { standing, at: performance.now() };',
      'one less than 5 %',
    ],
    ['a user is told of at each look', ['I38'], '!other?.users.has(userId)', 'userId', 'is told of once, by number'],
  ]),
  ...mutantsOf('migrations/027_create_sending_resumptions.sql', 'test/store/reputation.test.ts', [
    [
      'resuming changes nothing',
      HELD,
      '(select max(at) from sending_resumptions where at <= (select event_clock()))',
      'null',
      'what came back before sending was resumed',
    ],
    [
      'the reputation is of 25 hours',
      HELD,
      "interval '24 hours'",
      "interval '25 hours'",
      'is of 24 hours to the milli',
    ],
    [
      'bounces for now count as bounces',
      HELD,
      "or report.data -> 'permanent' = 'true' and ",
      'or ',
      'is of 24 hours to the millisecond',
    ],
    [
      'an address that was not mailed counts against the user',
      HELD,
      " and report.data ->> 'subType' <> 'OnAccountSuppressionList'",
      '',
      'is of 24 hours to the millisecond',
    ],
  ]),
  ...mutantsOf('services/store/reputation.ts', 'test/store/reputation.test.ts', [
    [
      'what happened exactly a day ago counts',
      HELD,
      'where at > (select reputation_since()) and at <=',
      'where at >= (select reputation_since()) and at <=',
      'is of 24 hours to the millisecond',
    ],
    [
      'a user with many reports is many people',
      HELD,
      "case when ${people} = 'users' then coalesce(user_id, stream_id) else stream_id end",
      'stream_id',
      'one user is one person',
    ],
    [
      'mails of an hour that a wrong clock made are kept',
      HELD,
      " or hour > (select event_clock()) + interval '1 hour'",
      '',
      'mails are counted hour by hour',
    ],
    [
      'a second count of an hour takes the place of the first',
      HELD,
      'set sent = old.sent + excluded.sent',
      'set sent = excluded.sent',
      'mails are counted hour by hour',
    ],
    [
      'what was erased is as many people',
      HELD,
      'count(*) filter (where not is_erased) as people',
      'count(*) as people',
      'what a person who was erased had reported',
    ],
  ]),
];
