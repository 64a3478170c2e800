/** Every check of the doctor, from the lowest layer to the highest: a fault explains those below it. */
import { checkAlerts } from './alerts.ts';
import { checkEdge } from './edge.ts';
import { checkApi, checkScheduler } from './programs.ts';
import { checkBackups } from './backups.ts';
import { checkDisk, checkVersions } from './host.ts';
import type { DoctorContext } from './context.ts';
import type { Finding } from './finding.ts';
import {
  checkClock,
  checkDatabase,
  checkDurability,
  checkOutbox,
  checkReadTables,
  checkRights,
  checkSchema,
} from './database.ts';
import { checkOffSite } from './off-site.ts';
import { checkSealed } from './sealed.ts';
import { checkDkim, checkIdentity, checkQuota, checkReputation, checkSandbox, checkSes } from './mail-service.ts';
import { checkDkimRecords, checkDmarc, checkSpf } from './dns.ts';
import { checkSending } from './sending.ts';
import { checkKeys, checkSettings } from './settings.ts';

export type Check = Readonly<{
  name: string;
  /** Only where mails take this road. */
  of?: 'ses';
  /** Throws NotChecked where it cannot be made. */
  look: (context: DoctorContext) => Finding | Promise<Finding>;
}>;

export const checks: readonly Check[] = [
  { name: 'settings', look: checkSettings },
  { name: 'keys', look: checkKeys },
  { name: 'versions', look: checkVersions },
  { name: 'disk', look: checkDisk },
  { name: 'database', look: checkDatabase },
  { name: 'schema', look: checkSchema },
  { name: 'durability', look: checkDurability },
  { name: 'rights', look: checkRights },
  { name: 'clock', look: checkClock },
  { name: 'read tables', look: checkReadTables },
  { name: 'backups', look: checkBackups },
  { name: 'off-site', look: checkOffSite },
  { name: 'secrets', look: checkSealed },
  { name: 'api', look: checkApi },
  { name: 'edge', look: checkEdge },
  { name: 'scheduler', look: checkScheduler },
  { name: 'alerts', look: checkAlerts },
  { name: 'ses', look: checkSes, of: 'ses' },
  { name: 'identity', look: checkIdentity, of: 'ses' },
  { name: 'dkim', look: checkDkim, of: 'ses' },
  { name: 'sandbox', look: checkSandbox, of: 'ses' },
  { name: 'quota', look: checkQuota, of: 'ses' },
  { name: 'reputation', look: checkReputation, of: 'ses' },
  { name: 'sending', look: checkSending },
  { name: 'spf record', look: checkSpf },
  { name: 'dkim records', look: checkDkimRecords, of: 'ses' },
  { name: 'dmarc record', look: checkDmarc },
  { name: 'outbox', look: checkOutbox },
];

/** Those that mean something where mails take this road. */
export const checksFor = (transport: 'ses' | 'smtp'): readonly Check[] =>
  checks.filter(({ of }) => of === undefined || of === transport);
