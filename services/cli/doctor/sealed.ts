/** Whether the sealed file of the secrets has those of today: without it a lost machine takes them with it. */
import { statSync } from 'node:fs';
import { backupSettings } from '../../config/backup.ts';
import { sealedSecretsFile } from '../../config/off-site.ts';
import { secretNames } from '../secret-names.ts';
import type { DoctorContext } from './context.ts';
import { type Finding, ok, skipped, warning } from './finding.ts';

const EXPORT = 'Run "./sealpost secrets export", and keep its passphrase elsewhere.';

export function checkSealed({ environment, settings, production }: DoctorContext): Finding {
  const files = secretNames().flatMap((name) => {
    const changedAt = timeOf(environment[`${name}_FILE`]);
    return changedAt === undefined ? [] : [{ name, changedAt }];
  });
  const { BACKUP_DIR } = settings(backupSettings);
  if (files.length === 0 || BACKUP_DIR === undefined) return skipped('The secrets are not those of a stack.');
  const sealedAt = timeOf(sealedSecretsFile(BACKUP_DIR));
  if (sealedAt === undefined) {
    if (!production) return skipped('There is no secrets.sealpost.');
    return warning('There is no secrets.sealpost: if this machine is lost, so are its secrets.', EXPORT);
  }
  const later = files.filter(({ changedAt }) => changedAt > sealedAt).map(({ name }) => name);
  if (later.length === 0) return ok('secrets.sealpost has all secrets as they are.');
  return warning(`${later.join(', ')}: changed since secrets.sealpost was written.`, EXPORT);
}

/** Undefined where there is no such file. */
const timeOf = (file: string | undefined): number | undefined =>
  file === undefined || file === '' ? undefined : statSync(file, { throwIfNoEntry: false })?.mtimeMs;
