/** Every part of the status, from the lowest layer to the highest. */
import { checkAlerts } from '../doctor/alerts.ts';
import { checkBackups } from '../doctor/backups.ts';
import { checkEdge } from '../doctor/edge.ts';
import { checkDisk } from '../doctor/host.ts';
import { checkSending } from '../doctor/sending.ts';
import { lookAtDatabase, lookAtReplication, lookAtVersions } from './database.ts';
import type { Part } from './part.ts';
import { lookAtApi, lookAtJobs, lookAtOutbox, lookAtQuota, lookAtScheduler } from './programs.ts';

export const parts: readonly Part[] = [
  { name: 'disk', look: checkDisk, next: 'df -h' },
  { name: 'database', look: lookAtDatabase, next: 'sealpost doctor' },
  { name: 'versions', look: lookAtVersions, next: 'sealpost migrate --check' },
  { name: 'replication', look: lookAtReplication, next: 'sealpost doctor' },
  { name: 'api', look: lookAtApi, next: 'sealpost logs api --errors' },
  { name: 'edge', look: checkEdge, next: 'sealpost logs caddy --errors' },
  { name: 'scheduler', look: lookAtScheduler, next: 'sealpost logs scheduler --errors' },
  { name: 'jobs', look: lookAtJobs, next: 'sealpost jobs history --failed' },
  { name: 'backups', look: checkBackups, next: 'sealpost jobs history backup' },
  { name: 'alerts', look: checkAlerts, next: 'sealpost alerts test' },
  { name: 'sending', look: checkSending, next: 'sealpost sending' },
  { name: 'ses', look: lookAtQuota, of: 'ses', next: 'sealpost doctor' },
  { name: 'outbox', look: lookAtOutbox, next: 'sealpost doctor' },
];
