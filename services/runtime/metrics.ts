/** All metrics, one table: what Prometheus scrapes from the api and the scheduler. No label ever holds an address or an id. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { createMailMetrics, SECONDS } from './mail-metrics.ts';

export type Metrics = ReturnType<typeof createMetrics>;

export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    httpRequestSeconds: new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Time to answer a request, by route pattern.',
      labelNames: ['method', 'route', 'status'],
      buckets: SECONDS,
      registers,
    }),
    events: new Counter({
      name: 'sealpost_events_total',
      help: 'Events recorded by this process, by type.',
      labelNames: ['type'],
      registers,
    }),
    refusals: new Counter({
      name: 'sealpost_refusals_total',
      help: 'Requests refused, by error code.',
      labelNames: ['code'],
      registers,
    }),
    connectionsDropped: new Counter({
      name: 'sealpost_connections_dropped_total',
      help: 'Connections turned away because as many as may be were open.',
      registers,
    }),
    batchCommands: new Histogram({
      name: 'sealpost_batch_commands',
      help: 'Commands decided together in one batch.',
      buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
      registers,
    }),
    batchSeconds: new Histogram({
      name: 'sealpost_batch_duration_seconds',
      help: 'Time of a batch: load, decide, append.',
      buckets: SECONDS,
      registers,
    }),
    lostRaces: new Counter({
      name: 'sealpost_lost_races_total',
      help: 'Commands decided again because another process recorded first.',
      registers,
    }),
    ...createMailMetrics(registers),
    rowsDiffering: new Gauge({
      name: 'sealpost_read_table_rows_differing',
      help: 'Rows that are not what the log says, of the addresses last drawn; anything but 0 is a fault.',
      registers,
    }),
    logLinesLost: new Counter({
      name: 'sealpost_log_lines_lost_total',
      help: 'Lines of the log that could not be written: a full disk, or a reader that stands still.',
      registers,
    }),
    loopFailures: new Counter({
      name: 'sealpost_loop_failures_total',
      help: 'Failed rounds of what a process does again and again, by loop.',
      labelNames: ['loop'],
      registers,
    }),
    loopLastSuccess: new Gauge({
      name: 'sealpost_loop_last_success_timestamp_seconds',
      help: 'When a round of the loop last succeeded; what the loop measures is as old as this.',
      labelNames: ['loop'],
      registers,
    }),
    jobSeconds: new Histogram({
      name: 'sealpost_job_duration_seconds',
      help: 'Time of a run of a scheduled job, by outcome.',
      labelNames: ['job', 'outcome'],
      buckets: [...SECONDS, 60, 300, 1800, 7200],
      registers,
    }),
    jobLastSuccess: new Gauge({
      name: 'sealpost_job_last_success_timestamp_seconds',
      help: 'When a run of the job last succeeded, also before this process: told by the scheduler that works.',
      labelNames: ['job'],
      registers,
    }),
    jobFailing: new Gauge({
      name: 'sealpost_job_failing',
      help: '1 where the newest run of the job failed: told by the scheduler that works.',
      labelNames: ['job'],
      registers,
    }),
    sesQuota: new Gauge({
      name: 'sealpost_ses_max_24_hour_send',
      help: "SES's Max24HourSend: mails in 24 hours at most; below 0 there is no limit.",
      registers,
    }),
    sesSent: new Gauge({
      name: 'sealpost_ses_sent_last_24_hours',
      help: "SES's SentLast24Hours, of the whole account.",
      registers,
    }),
    sesRate: new Gauge({
      name: 'sealpost_ses_max_send_rate',
      help: "SES's MaxSendRate: mails in a second at most.",
      registers,
    }),
    sesStatistics: new Gauge({
      name: 'sealpost_ses_statistics',
      help: "SES's GetSendStatistics: sums over two weeks, by count (attempts, bounces, complaints, rejects), of the whole account.",
      labelNames: ['count'],
      registers,
    }),
    backupBytes: new Gauge({
      name: 'sealpost_backup_bytes',
      help: 'Size of the newest backup that this process made.',
      registers,
    }),
    backupPosition: new Gauge({
      name: 'sealpost_backup_event_position',
      help: 'Position of the newest event in the newest backup that this process made.',
      registers,
    }),
    walReceiving: new Gauge({
      name: 'sealpost_wal_receiver_active',
      help: '1 while somebody receives the WAL, 0 while nobody does; 2 GiB are kept for who comes back.',
      registers,
    }),
    walLag: new Gauge({
      name: 'sealpost_wal_lag_bytes',
      help: 'WAL that was written and not received yet.',
      registers,
    }),
    walLost: new Gauge({
      name: 'sealpost_wal_lost',
      help: '1 where WAL went that was not received: only the next base backup makes up for it.',
      registers,
    }),
    rehearsalSeconds: new Gauge({
      name: 'sealpost_rehearsal_duration_seconds',
      help: 'Time of the newest rehearsed restore, by what was restored: base or dump.',
      labelNames: ['kind'],
      registers,
    }),
    rehearsalLost: new Gauge({
      name: 'sealpost_rehearsal_lost_events',
      help: 'Events of the live log that the newest rehearsed restore of base and WAL did not have.',
      registers,
    }),
    leading: new Gauge({
      name: 'sealpost_scheduler_leading',
      help: '1 in the scheduler that holds the lease and works, 0 in those that stand by.',
      registers,
    }),
  };
}
