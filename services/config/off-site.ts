/** Settings of the copy of the backups elsewhere, which restic keeps. */
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { secret, type SettingsCheck, setting, type SettingsOf } from '../runtime/settings.ts';
import type { backupSettings } from './backup.ts';
import type { erasureSettings } from './erasure.ts';
import type { reportSettings } from './report.ts';
import type { walSettings } from './wal.ts';

const PASSWORD_MIN = 12;
/** A user with a password, in a URL or before a host of SFTP. */
const HAS_PASSWORD = /(?:\/\/|^sftp:)[^@]*:[^@]*@/;

export const offSiteSettings = {
  BACKUP_REPOSITORY: setting(
    z
      .string()
      .refine(
        (at) => !HAS_PASSWORD.test(at),
        'must not have a password in it: put the user into BACKUP_REPOSITORY_KEY_ID and the password into BACKUP_REPOSITORY_SECRET_KEY',
      )
      .optional(),
    'Where restic keeps an encrypted copy of the backups, as restic writes it: s3:https://s3.example.com/bucket, b2:bucket:folder, rest:https://backup.example.com/, sftp:user@host:/folder or a folder. Default: nowhere.',
  ),
  BACKUP_REPOSITORY_PASSWORD: secret(
    z.string().min(PASSWORD_MIN, `must have at least ${PASSWORD_MIN} characters`).optional(),
    'Password that BACKUP_REPOSITORY is encrypted with; without it nothing of it can be read again, so keep it elsewhere too.',
  ),
  BACKUP_REPOSITORY_KEY_ID: secret(
    z.string().optional(),
    'Id of the key that BACKUP_REPOSITORY is reached with: of S3, of B2, or the user of a rest-server.',
  ),
  BACKUP_REPOSITORY_SECRET_KEY: secret(
    z.string().optional(),
    'The key that BACKUP_REPOSITORY is reached with: of S3, of B2, or the password of a rest-server.',
  ),
};

type Given = SettingsOf<typeof offSiteSettings> &
  SettingsOf<typeof backupSettings> &
  Pick<SettingsOf<typeof walSettings>, 'WAL_DIR'> &
  SettingsOf<typeof reportSettings> &
  SettingsOf<typeof erasureSettings>;

export const checkOffSite: SettingsCheck<typeof offSiteSettings & typeof backupSettings> = (found) => {
  const problems: string[] = [];
  const { BACKUP_REPOSITORY: at, BACKUP_REPOSITORY_KEY_ID: id, BACKUP_REPOSITORY_SECRET_KEY: key } = found;
  if (at !== undefined && found.BACKUP_REPOSITORY_PASSWORD === undefined)
    problems.push('BACKUP_REPOSITORY_PASSWORD: it is missing, and BACKUP_REPOSITORY is encrypted with it.');
  if (at !== undefined && found.BACKUP_DIR === undefined)
    problems.push('BACKUP_DIR: it is missing, and BACKUP_REPOSITORY takes what is written there.');
  if ((id === undefined) !== (key === undefined))
    problems.push('BACKUP_REPOSITORY_KEY_ID and BACKUP_REPOSITORY_SECRET_KEY: set both, or neither.');
  return problems;
};

export type RepositoryOptions = Readonly<{
  at: string;
  password: string;
  key: Readonly<{ id: string; secret: string }> | undefined;
}>;

/** Undefined where no copy is wanted. */
export function repositoryOptions(found: SettingsOf<typeof offSiteSettings>): RepositoryOptions | undefined {
  const { BACKUP_REPOSITORY: at, BACKUP_REPOSITORY_PASSWORD: password } = found;
  const { BACKUP_REPOSITORY_KEY_ID: id, BACKUP_REPOSITORY_SECRET_KEY: key } = found;
  if (at === undefined || password === undefined) return undefined;
  return { at, password, key: id === undefined || key === undefined ? undefined : { id, secret: key } };
}

export type OffSiteOptions = Readonly<{
  repository: RepositoryOptions;
  /** Files and folders that are copied, as far as they are there. */
  sources: readonly string[];
  /** For the copy's own work; nothing of it is copied. */
  scratch: string;
}>;

/** Where the encrypted secrets lie: beside the folder of the dumps. */
export const sealedSecretsFile = (backupFolder: string): string => join(dirname(backupFolder), 'secrets.sealpost');

export function offSiteOptions(found: Given): OffSiteOptions | undefined {
  const repository = repositoryOptions(found);
  const { BACKUP_DIR: folder, WAL_DIR, REPORT_DIR, ERASURE_LEDGER } = found;
  if (!repository || folder === undefined) return undefined;
  const sources = [folder, WAL_DIR, REPORT_DIR, ERASURE_LEDGER, sealedSecretsFile(folder)];
  return { repository, sources: sources.filter((one) => one !== undefined), scratch: join(folder, '.off-site') };
}
