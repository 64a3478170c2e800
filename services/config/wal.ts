/** Settings of base backups and the received WAL, from which any second can be restored. */
import { z } from 'zod';
import { secret, setting, type SettingsOf, wholeNumber } from '../runtime/settings.ts';
import type { DatabaseOptions } from '../store/database.ts';
import { type databaseSettings, tlsOf, urlOf } from './database.ts';

export const BACKUP_ROLE = 'sealpost_backup';

export const walSettings = {
  WAL_DIR: setting(
    z.string().optional(),
    'Folder that base backups and the WAL are kept in, to restore any second. Only for a database that DB_HOST names. Default: none are kept; in the Docker stack ./backups/wal.',
  ),
  WAL_KEEP_DAYS: setting(
    wholeNumber({ default: 7, min: 1, max: 90 }),
    'Days back that any second can be restored; older base backups are deleted, and the WAL before them.',
  ),
  BACKUP_DB_PASSWORD: secret(
    z.string().optional(),
    `Password of the role ${BACKUP_ROLE}, which reads base backups and the WAL; "sealpost migrate --login" makes it.`,
  ),
};

export type WalOptions = Readonly<{
  folder: string;
  keepDays: number;
  /** As the role that may replicate. */
  login: Pick<DatabaseOptions, 'url' | 'ssl'>;
}>;

type Given = SettingsOf<typeof walSettings> &
  Pick<SettingsOf<typeof databaseSettings>, 'DB_HOST' | 'DB_PORT' | 'DB_NAME' | 'DB_SSL'> &
  Readonly<{ DATABASE_URL?: string | undefined }>;

/** Undefined where none are wanted or none can be had: for a database by DATABASE_URL its provider has them. */
export function walOptions(settings: Given): WalOptions | undefined {
  const { WAL_DIR: folder, WAL_KEEP_DAYS: keepDays, BACKUP_DB_PASSWORD: password, DATABASE_URL } = settings;
  if (folder === undefined || password === undefined || DATABASE_URL !== undefined) return undefined;
  const url = urlOf({ ...settings, user: BACKUP_ROLE, password });
  return { folder, keepDays, login: { url, ssl: tlsOf(settings) } };
}
