/** Faults of what the scheduler does by the calendar: maintenance, old logs, the poll of SES, the monthly report. */
import { mutantsOf } from '../file-rows.ts';
import type { Mutant } from '../mutant.ts';

export const scheduledWorkMutants: readonly Mutant[] = [
  ...mutantsOf('services/scheduler/jobs/maintain.ts', 'test/scheduler/maintain.test.ts', [
    [
      'the counters are reset after autovacuum’s were made',
      ['I41'],
      '  const reset = await resetStatistics(slowSql);\n',
      '  const reset = true;\n',
      'the counters begin anew',
    ],
    [
      'tables that may not be vacuumed are kept quiet',
      ['I41'],
      "if (notes.length > 0) say(notes.join('; '));",
      '',
      'says which tables it may not',
    ],
  ]),
  ...mutantsOf('services/scheduler/jobs/forget-old-logs.ts', 'test/scheduler/forget-old-logs.test.ts', [
    ['logs of six days go', ['I41'], 'LOGS_KEPT_DAYS = 7', 'LOGS_KEPT_DAYS = 6', 'a second beyond a week'],
    [
      'whatever is old in the folder of the logs goes',
      ['I41'],
      '!LOG.test(entry.name)',
      'false',
      'what is no log stays',
    ],
  ]),
  ...mutantsOf('services/scheduler/jobs/poll-ses.ts', 'test/scheduler/poll-ses.test.ts', [
    [
      'the quota of SES is told as its rate',
      ['I34'],
      'metrics.sesQuota.set(quota.perDayMax)',
      'metrics.sesQuota.set(quota.perSecondMax)',
      'as SES says them',
    ],
    [
      'the statistics of SES are not told',
      ['I34'],
      'metrics.sesStatistics.set({ count }, value)',
      'metrics.sesStatistics.set({ count }, 0 * value)',
      'as SES says them',
    ],
  ]),
  ...mutantsOf('services/config/mail.ts', 'test/scheduler/table.test.ts', [
    [
      'SES is asked where emails take another road',
      ['I13'],
      "MAIL_TRANSPORT !== 'ses' || accessKeyId",
      'accessKeyId',
      'poll-ses is there',
    ],
  ]),
  ...mutantsOf('services/store/monthly-figures.ts', 'test/report/monthly-report.test.ts', [
    [
      'a month begins a moment late',
      ['I45'],
      'where at >= ${start} and',
      'where at > ${start} and',
      'are those of the month alone',
    ],
    ['the next month counts too', ['I45'], '          and requested.at < ${end}\n', '', 'are those of the month alone'],
    [
      'a mail that is sent again counts as a code',
      ['I45'],
      "          and requested.data ->> 'mailing' = '1'\n",
      '',
      'are those of the month alone',
    ],
  ]),
  ...mutantsOf('services/report/month.ts', 'test/report/monthly-report.test.ts', [
    [
      'the report is of the month that has just begun',
      ['I45'],
      'now.getUTCMonth() - 1',
      'now.getUTCMonth()',
      'a month goes from',
    ],
  ]),
];
