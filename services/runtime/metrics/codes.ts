/** What became of codes, requests and batches. */
import { counter, gauge, histogram, SECONDS } from './define.ts';

/** From a request to its mail, or to the right code: a person is on the way. */
const WAITS = [...SECONDS, 30, 60, 120, 300, 600, 1800];

export const codeMetrics = {
  events: counter({
    name: 'sealpost_events_total',
    help: 'Events recorded, by type, purpose of the code, and outcome: why a mail failed, whether a bounce is permanent, whether a code is new.',
    of: ['api', 'scheduler'],
    labels: ['type', 'purpose', 'outcome'],
  }),
  sentAfterSeconds: histogram({
    name: 'sealpost_mail_wait_seconds',
    help: 'Time from a request for a code until the mail service took its mail.',
    of: ['api'],
    buckets: WAITS,
  }),
  verifiedAfterSeconds: histogram({
    name: 'sealpost_verification_seconds',
    help: 'Time from the issue of a code until it was typed.',
    of: ['api'],
    buckets: WAITS,
  }),
  httpRequestSeconds: histogram({
    name: 'sealpost_http_request_duration_seconds',
    help: 'Time to answer a request, by route pattern.',
    of: ['api'],
    labels: ['method', 'route', 'status'],
    buckets: SECONDS,
  }),
  refusals: counter({
    name: 'sealpost_refusals_total',
    help: 'Requests refused, by error code.',
    of: ['api'],
    labels: ['code'],
  }),
  connectionsDropped: counter({
    name: 'sealpost_connections_dropped_total',
    help: 'Connections turned away because as many as may be were open.',
    of: ['api'],
  }),
  batchCommands: histogram({
    name: 'sealpost_batch_commands',
    help: 'Commands decided together in one batch.',
    of: ['api'],
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
  }),
  batchSeconds: histogram({
    name: 'sealpost_batch_duration_seconds',
    help: 'Time of a batch: load, decide, append.',
    of: ['api'],
    buckets: SECONDS,
  }),
  storeSeconds: histogram({
    name: 'sealpost_store_duration_seconds',
    help: 'Time of the two statements of a batch that the store took, by step: load, with the decision in memory, and append.',
    of: ['api'],
    labels: ['step'],
    buckets: SECONDS,
  }),
  lostRaces: counter({
    name: 'sealpost_lost_races_total',
    help: 'Commands decided again because another process recorded first.',
    of: ['api'],
  }),
  databaseAvailable: gauge({
    name: 'sealpost_database_available',
    help: '1 where the database answered when it was last asked, every two seconds, else 0.',
    of: ['api'],
  }),
  clockDifference: gauge({
    name: 'sealpost_clock_difference_seconds',
    help: "How far the database's clock is ahead of this process's; the rules go by the database's.",
    of: ['api'],
  }),
};
