/** Every check of the doctor, from the lowest layer to the highest: a fault explains those below it. */
import { checkApi } from './api.ts';
import { checkBackups } from './backups.ts';
import type { Check } from './check.ts';
import { checkClock } from './clock.ts';
import { checkDatabase } from './database.ts';
import { checkDisk } from './disk.ts';
import { checkDkim } from './dkim.ts';
import { checkDkimRecords } from './dkim-records.ts';
import { checkDmarc } from './dmarc.ts';
import { checkDurability } from './durability.ts';
import { checkIdentity } from './identity.ts';
import { checkKeys } from './keys.ts';
import { checkOutbox } from './outbox.ts';
import { checkQuota } from './quota.ts';
import { checkReadTables } from './read-tables.ts';
import { checkReputation } from './reputation.ts';
import { checkRights } from './rights.ts';
import { checkSandbox } from './sandbox.ts';
import { checkScheduler } from './scheduler.ts';
import { checkSchema } from './schema.ts';
import { checkSes } from './ses.ts';
import { checkSettings } from './settings.ts';
import { checkSpf } from './spf.ts';
import { checkVersions } from './versions.ts';

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
  { name: 'api', look: checkApi },
  { name: 'scheduler', look: checkScheduler },
  { name: 'ses', look: checkSes, of: 'ses' },
  { name: 'identity', look: checkIdentity, of: 'ses' },
  { name: 'dkim', look: checkDkim, of: 'ses' },
  { name: 'sandbox', look: checkSandbox, of: 'ses' },
  { name: 'quota', look: checkQuota, of: 'ses' },
  { name: 'reputation', look: checkReputation, of: 'ses' },
  { name: 'spf record', look: checkSpf },
  { name: 'dkim records', look: checkDkimRecords, of: 'ses' },
  { name: 'dmarc record', look: checkDmarc },
  { name: 'outbox', look: checkOutbox },
];

/** Those that mean something where mails take this road. */
export const checksFor = (transport: 'ses' | 'smtp'): readonly Check[] =>
  checks.filter(({ of }) => of === undefined || of === transport);
