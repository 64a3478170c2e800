/** What the scheduler does and finds out: jobs, the account at SES, backups, the WAL. */
import { gauge, histogram, type Program, SECONDS } from './define.ts';

const of: readonly Program[] = ['scheduler'];

export const jobMetrics = {
  rowsDiffering: gauge({
    name: 'sealpost_read_table_rows_differing',
    help: 'Rows that are not what the log says, of the addresses last drawn; anything but 0 is a fault.',
    of,
  }),
  jobSeconds: histogram({
    name: 'sealpost_job_duration_seconds',
    help: 'Time of a run of a scheduled job, by outcome.',
    of,
    labels: ['job_name', 'outcome'],
    buckets: [...SECONDS, 60, 300, 1800, 7200],
  }),
  jobLastSuccess: gauge({
    name: 'sealpost_job_last_success_timestamp_seconds',
    help: 'When a run of the job last succeeded, also before this process: told by the scheduler that works.',
    of,
    labels: ['job_name'],
  }),
  jobOverdueAfter: gauge({
    name: 'sealpost_job_overdue_after_seconds',
    help: 'A job whose last success is longer ago than this is overdue: the time between two of its runs, and the time that one may take.',
    of,
    labels: ['job_name'],
  }),
  jobFailing: gauge({
    name: 'sealpost_job_failing',
    help: '1 where the newest run of the job failed: told by the scheduler that works.',
    of,
    labels: ['job_name'],
  }),
  sesQuota: gauge({
    name: 'sealpost_ses_max_24_hour_send',
    help: "SES's Max24HourSend: mails in 24 hours at most; below 0 there is no limit.",
    of,
  }),
  sesSent: gauge({
    name: 'sealpost_ses_sent_last_24_hours',
    help: "SES's SentLast24Hours, of the whole account.",
    of,
  }),
  sesRate: gauge({
    name: 'sealpost_ses_max_send_rate',
    help: "SES's MaxSendRate: mails in a second at most.",
    of,
  }),
  sesStatistics: gauge({
    name: 'sealpost_ses_statistics',
    help: "SES's GetSendStatistics: sums over two weeks, by count (attempts, bounces, complaints, rejects), of the whole account.",
    of,
    labels: ['count'],
  }),
  edgeAvailable: gauge({
    name: 'sealpost_edge_available',
    help: '1 where https://API_DOMAIN/health answered by the edge when it was last asked, twice a minute, else 0.',
    of,
  }),
  edgeProbeSeconds: gauge({
    name: 'sealpost_edge_probe_duration_seconds',
    help: 'How long that took, or until it was given up.',
    of,
  }),
  certificateExpiry: gauge({
    name: 'sealpost_certificate_expiry_timestamp_seconds',
    help: 'When the certificate of API_DOMAIN ends.',
    of,
  }),
  certificateLifetime: gauge({
    name: 'sealpost_certificate_lifetime_seconds',
    help: 'For how long it was issued: it is renewed when a third of that is left.',
    of,
  }),
  backupBytes: gauge({
    name: 'sealpost_backup_bytes',
    help: 'Size of the newest backup that this process made.',
    of,
  }),
  backupPosition: gauge({
    name: 'sealpost_backup_event_position',
    help: 'Position of the newest event in the newest backup that this process made.',
    of,
  }),
  backupNewest: gauge({
    name: 'sealpost_backup_newest_timestamp_seconds',
    help: 'When the newest whole backup was made that is in BACKUP_DIR, whoever made it; 0 where there is none.',
    of,
  }),
  walReceiving: gauge({
    name: 'sealpost_wal_receiver_active',
    help: '1 while somebody receives the WAL, 0 while nobody does; 2 GiB are kept for who comes back.',
    of,
  }),
  walLag: gauge({
    name: 'sealpost_wal_lag_bytes',
    help: 'WAL that was written and not received yet.',
    of,
  }),
  walLost: gauge({
    name: 'sealpost_wal_lost',
    help: '1 where WAL went that was not received: only the next base backup makes up for it.',
    of,
  }),
  rehearsalSeconds: gauge({
    name: 'sealpost_rehearsal_duration_seconds',
    help: 'Time of the newest rehearsed restore, by what was restored: base or dump.',
    of,
    labels: ['kind'],
  }),
  rehearsalLost: gauge({
    name: 'sealpost_rehearsal_lost_events',
    help: 'Events of the live log that the newest rehearsed restore of base and WAL did not have.',
    of,
  }),
  databaseBytes: gauge({ name: 'sealpost_database_bytes', help: 'Size of the database on its disk.', of }),
  databaseConnections: gauge({
    name: 'sealpost_database_connections',
    help: 'Connections to all databases of the server, but for the one that asks.',
    of,
  }),
  databaseConnectionsMax: gauge({
    name: 'sealpost_database_connections_max',
    help: "The server's max_connections, those kept for superusers among them.",
    of,
  }),
  databaseOldestTransaction: gauge({
    name: 'sealpost_database_oldest_transaction_seconds',
    help: "Age of the oldest open transaction that the programs' login may see: what it has open, no vacuum takes away.",
    of,
  }),
  sessions: gauge({
    name: 'sealpost_sessions',
    help: 'Sessions of accounts that have not ended; 1000 stand for all that are more.',
    of,
  }),
  codesOverdue: gauge({
    name: 'sealpost_codes_overdue_seconds',
    help: 'How long the longest overdue code should have been closed already; 0 where each was.',
    of,
  }),
  diskBytes: gauge({
    name: 'sealpost_disk_bytes',
    help: 'Size of the disk that a folder is on, by what the folder is for: backups, wal, logs, reports. Several may be on one disk.',
    of,
    labels: ['disk'],
  }),
  diskFreeBytes: gauge({ name: 'sealpost_disk_free_bytes', help: 'Free of it.', of, labels: ['disk'] }),
  diskFilesLeft: gauge({
    name: 'sealpost_disk_free_files_ratio',
    help: 'Of the files that the disk can hold, those that it still can: 0 to 1.',
    of,
    labels: ['disk'],
  }),
};
