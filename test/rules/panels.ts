/** What panels of what is now say while somebody measures and while nobody does, as a table; promtool runs it. */
import { FEW, UNKNOWN } from '../../grafana/promql.ts';
import { dashboards } from '../support/dashboards.ts';
import { filledIn } from '../support/promql.ts';
import type { Given } from './case.ts';

type Case = readonly [when: string, given: Given, value: number | undefined];

/** Samples of 20 minutes, one a minute; looked at after ten. */
const NOW = '0+60x20';
const STOPPED = '0x20';
const ever = (value: number): string => `${value}x20`;
const LEADS: Given = { 'sealpost_scheduler_leading{job="scheduler",instance="s"}': ever(1) };
const NO_LEADER: Given = { 'sealpost_scheduler_leading{job="scheduler",instance="s"}': ever(0) };
const success = (job: string, at: string): Given => ({
  [`sealpost_job_last_success_timestamp_seconds{job="scheduler",instance="s",job_name="${job}"}`]: at,
  [`sealpost_job_overdue_after_seconds{job="scheduler",instance="s",job_name="${job}"}`]: ever(90),
});
const loop = (name: string, at: string, instance = 'a'): Given => ({
  [`sealpost_loop_last_success_timestamp_seconds{job="api",instance="${instance}",loop="${name}"}`]: at,
});
const ofApi = (metric: string, value: number, instance = 'a'): Given => ({
  [`sealpost_${metric}{job="api",instance="${instance}"}`]: ever(value),
});
const ofScheduler = (metric: string, value: number): Given => ({
  [`sealpost_${metric}{job="scheduler",instance="s"}`]: ever(value),
});
const up = (job: string, value: number): Given => ({ [`up{job="${job}",instance="x"}`]: ever(value) });
const FAILS: Given = { 'sealpost_loop_failures_total{job="receiver",instance="r",loop="receive-wal"}': '0+50x20' };
const typed = (wrong: number, right: number): Given => ({
  'sealpost_events_total{job="api",instance="a",type="attempted",outcome="wrong"}': `0+${wrong}x20`,
  'sealpost_events_total{job="api",instance="a",type="verified",outcome="otp"}': `0+${right}x20`,
});

/** By dashboard and panel, what the first query of it finds. */
const cases: Readonly<Record<string, readonly Case[]>> = {
  'overview 1': [
    ['no request fails', { ...up('api', 1), ...ofRequests(10) }, 0],
    ['no API answers, and a minute ago all was well', { ...up('api', 0), ...ofRequests(10) }, 1],
  ],
  'overview 2': [
    ['it took the last mail', { ...ofApi('mail_available', 1), ...loop('watch-backlog', NOW) }, 1],
    ['one of two APIs was refused', { ...twoApis(NOW), ...ofApi('mail_available', 0, 'b') }, 0],
    ['the database is away', { ...ofApi('mail_available', 1), ...loop('watch-backlog', STOPPED) }, UNKNOWN],
    ['no API is there', {}, UNKNOWN],
  ],
  'overview 3': [
    ['it does not answer', ofApi('database_available', 0), 0],
    ['no API is there', {}, UNKNOWN],
  ],
  'overview 4': [
    ['it answers', { ...LEADS, ...ofScheduler('edge_available', 1), ...up('caddy', 1) }, 1],
    ['it does not', { ...LEADS, ...ofScheduler('edge_available', 0), ...up('caddy', 1) }, 0],
    ['nobody asks any more', { ...NO_LEADER, ...ofScheduler('edge_available', 1), ...up('caddy', 1) }, UNKNOWN],
    ['nobody asks, and Caddy is away', { ...NO_LEADER, ...up('caddy', 0) }, 0],
  ],
  'overview 5': [
    ['many are wrong', typed(60, 20), 0.75],
    ['few are typed', typed(2, 1), FEW],
    ['nobody types', typed(0, 0), FEW],
  ],
  'overview 16': [
    ['a tenth is left', { ...LEADS, ...certificate() }, 0.1],
    ['no scheduler works', { ...NO_LEADER, ...certificate() }, UNKNOWN],
    ['it is not watched', LEADS, undefined],
  ],
  'mail 2': [
    ['it is on', { ...ofApi('sending_paused', 1), ...loop('watch-reputation', NOW) }, 1],
    ['nobody looks', { ...ofApi('sending_paused', 0), ...loop('watch-reputation', STOPPED) }, UNKNOWN],
  ],
  'database 2': [
    ['it is measured', { ...LEADS, ...success('measure', NOW), ...connections() }, 0.5],
    ['the job fails', { ...LEADS, ...success('measure', STOPPED), ...connections() }, UNKNOWN],
    ['no scheduler works', { ...NO_LEADER, ...success('measure', NOW), ...connections() }, UNKNOWN],
  ],
  'database 3': [
    ['it is received', { ...copied(1), ...up('receiver', 1) }, 1],
    ['nobody receives it', { ...copied(0), ...up('receiver', 1) }, 0],
    ['the receiver is away', { ...copied(1), ...up('receiver', 0) }, 0],
    ['the receiver fails, and no scheduler works', { ...NO_LEADER, ...FAILS, ...up('receiver', 1) }, 0],
    ['it is received again', { ...copied(1), ...FAILS, ...loop('receive-wal', NOW), ...up('receiver', 1) }, 1],
    ['no scheduler works', { ...NO_LEADER, ...up('receiver', 1) }, UNKNOWN],
    ['none is kept', LEADS, undefined],
  ],
  'jobs 3': [
    ['it is new', { ...LEADS, ...success('measure', NOW), ...ofScheduler('backup_newest_timestamp_seconds', 60) }, 540],
    [
      'there is none',
      { ...LEADS, ...success('measure', NOW), ...ofScheduler('backup_newest_timestamp_seconds', 0) },
      0,
    ],
  ],
};

function twoApis(at: string): Given {
  return { ...ofApi('mail_available', 1), ...loop('watch-backlog', at), ...loop('watch-backlog', at, 'b') };
}

function ofRequests(each: number): Given {
  return {
    'sealpost_http_request_duration_seconds_count{job="api",instance="x",method="GET",route="/",status="200"}': `0+${each}x20`,
  };
}

function certificate(): Given {
  return {
    ...ofScheduler('certificate_expiry_timestamp_seconds', 700),
    ...ofScheduler('certificate_lifetime_seconds', 1000),
  };
}

function connections(): Given {
  return { ...ofScheduler('database_connections', 50), ...ofScheduler('database_connections_max', 100) };
}

function copied(value: number): Given {
  return { ...LEADS, ...success('watch-wal', NOW), ...ofScheduler('wal_receiver_active', value) };
}

function expressionOf(name: string): string {
  const [uid, id] = name.split(' ');
  const panel = dashboards.find((one) => one.uid === `sealpost-${uid}`)?.panels.find((one) => String(one.id) === id);
  const [target] = panel?.targets ?? [];
  if (!target) throw new Error(`there is no panel ${name}`);
  return filledIn(target.expr);
}

/** Promtool's file (JSON is YAML). */
export const panelsFile = (): string =>
  JSON.stringify({
    evaluation_interval: '1m',
    tests: Object.entries(cases).flatMap(([name, all]) =>
      all.map(([when, given, value]) => ({
        name: `${name}: ${when}`,
        interval: '1m',
        input_series: Object.entries(given).map(([series, values]) => ({ series, values })),
        promql_expr_test: [
          {
            expr: expressionOf(name),
            eval_time: '10m',
            exp_samples: value === undefined ? [] : [{ labels: '{}', value }],
          },
        ],
      })),
    ),
  });
