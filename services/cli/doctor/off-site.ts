/** Whether the backups are anywhere else than on this machine. */
import { offSiteSettings } from '../../config/off-site.ts';
import type { DoctorContext } from './context.ts';
import { type Finding, ok, skipped, warning } from './finding.ts';

export function checkOffSite({ settings, production }: DoctorContext): Finding {
  const { BACKUP_REPOSITORY: at } = settings(offSiteSettings);
  if (at !== undefined) return ok(`The job off-site copies the backups to ${at} every night.`);
  if (!production) return skipped('BACKUP_REPOSITORY is not set.');
  return warning(
    'The backups are on this machine alone: BACKUP_REPOSITORY is not set.',
    'Set BACKUP_REPOSITORY and BACKUP_REPOSITORY_PASSWORD, or copy the folder of the backups elsewhere yourself.',
  );
}
