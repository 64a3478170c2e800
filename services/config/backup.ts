/** Settings of the backups. */
import { z } from 'zod';
import { setting, type SettingsOf, wholeNumber } from '../runtime/settings.ts';

export const backupSettings = {
  BACKUP_DIR: setting(
    z.string().optional(),
    'Folder that the scheduler writes a backup to each night. Default: none is made; in the Docker stack ./backups.',
  ),
  BACKUP_KEEP_DAYS: setting(
    wholeNumber({ default: 30, min: 1, max: 3650 }),
    'Days that a backup is kept; the newest one stays however old it is.',
  ),
};

export type BackupOptions = Readonly<{ folder: string; keepDays: number }>;

/** Undefined where no backups are wanted. */
export function backupOptions(settings: SettingsOf<typeof backupSettings>): BackupOptions | undefined {
  const { BACKUP_DIR: folder, BACKUP_KEEP_DAYS: keepDays } = settings;
  return folder === undefined ? undefined : { folder, keepDays };
}
