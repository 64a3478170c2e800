/** `sealpost backup fetch`: the newest copy of the backups from a repository, into the folders that backups are read from. */
import { join } from 'node:path';
import { rm } from 'node:fs/promises';
import type { Command } from 'commander';
import { fetchNewest } from '../backup/off-site.ts';
import { toolPlace } from '../backup/tool.ts';
import { backupSettings } from '../config/backup.ts';
import { erasureSettings } from '../config/erasure.ts';
import { offSiteOptions, offSiteSettings, sealedSecretsFile } from '../config/off-site.ts';
import { reportSettings } from '../config/report.ts';
import { walSettings } from '../config/wal.ts';
import { type Environment, readSettings } from '../runtime/settings.ts';
import { askHidden } from './passphrase.ts';

const settings = { ...offSiteSettings, ...backupSettings, ...walSettings, ...reportSettings, ...erasureSettings };
const WITHIN_MILLISECONDS = 24 * 3_600_000;

export function addFetch(backup: Command, environment: Environment): void {
  backup
    .command('fetch <repository>')
    .description('bring the newest copy of a repository back, on a machine that has lost everything')
    .action(async (repository: string) => {
      const found = readSettings(settings, { ...environment, BACKUP_REPOSITORY: repository });
      const password =
        found.BACKUP_REPOSITORY_PASSWORD ??
        (await askHidden('Password of the repository (BACKUP_REPOSITORY_PASSWORD): '));
      const options = offSiteOptions({ ...found, BACKUP_REPOSITORY_PASSWORD: password });
      if (!options || found.BACKUP_DIR === undefined)
        throw new Error('Set BACKUP_DIR to the folder that backups are read from.');
      // The file of the secrets may lie where we cannot write; whoever imports it finds it here.
      const beside = join(found.BACKUP_DIR, '.fetched');
      await rm(beside, { recursive: true, force: true });
      const fetched = await fetchNewest({
        repository: options.repository,
        place: toolPlace(environment),
        signal: AbortSignal.timeout(WITHIN_MILLISECONDS),
        sources: options.sources,
        beside: { source: sealedSecretsFile(found.BACKUP_DIR), folder: beside },
      });
      console.log(`Fetched snapshot ${fetched.id} of ${fetched.at.toISOString()}: ${fetched.sources.join(', ')}.`);
    });
}
