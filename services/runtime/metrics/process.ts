/** What every program tells of itself. */
import { counter, EVERY, gauge } from './define.ts';

export const processMetrics = {
  leading: gauge({
    name: 'sealpost_scheduler_leading',
    help: '1 in the scheduler that holds the lease and works, 0 in those that stand by.',
    of: ['scheduler'],
  }),
  alertThreshold: gauge({
    name: 'sealpost_alert_threshold',
    help: 'Settings that the alerts go by, in seconds and as ratios from 0 to 1; alerts know the defaults where nobody tells them.',
    of: ['scheduler'],
    labels: ['name'],
  }),
  buildInfo: gauge({
    name: 'sealpost_build_info',
    help: 'Always 1: the version that runs, the commit it was built of where the builder knew it, and the version of Node.',
    of: EVERY,
    labels: ['version', 'commit', 'node'],
  }),
  logLinesLost: counter({
    name: 'sealpost_log_lines_lost_total',
    help: 'Lines of the log that could not be written: a full disk, or a reader that stands still.',
    of: EVERY,
  }),
  traceSpansLost: counter({
    name: 'sealpost_trace_spans_lost_total',
    help: 'Spans that the collector did not take, or that found 2,048 others waiting for it.',
    of: ['api'],
  }),
  loopFailures: counter({
    name: 'sealpost_loop_failures_total',
    help: 'Failed rounds of what a process does again and again, by loop.',
    of: EVERY,
    labels: ['loop'],
  }),
  loopLastSuccess: gauge({
    name: 'sealpost_loop_last_success_timestamp_seconds',
    help: 'When a round of the loop last succeeded; what the loop measures is as old as this.',
    of: EVERY,
    labels: ['loop'],
  }),
};
