/** What `sealpost backup list` says of the copy elsewhere. */
import { newestSnapshot } from '../backup/off-site.ts';
import { toolPlace } from '../backup/tool.ts';
import { backupSettings } from '../config/backup.ts';
import { checkOffSite, offSiteSettings, repositoryOptions } from '../config/off-site.ts';
import { type Environment, readSettings } from '../runtime/settings.ts';

const SECONDS_MAX = 10;

/** One line about the newest snapshot, or why the repository cannot be asked; none where there is no repository. */
export async function offSiteLine(environment: Environment): Promise<readonly string[]> {
  const repository = repositoryOptions(
    readSettings({ ...offSiteSettings, ...backupSettings }, environment, checkOffSite),
  );
  if (!repository) return [];
  const signal = AbortSignal.timeout(SECONDS_MAX * 1000);
  try {
    const newest = await newestSnapshot({ repository, place: toolPlace(environment), signal });
    if (!newest) return [`Off the machine, in ${repository.at}: no snapshot yet.`];
    return [`Off the machine, in ${repository.at}: snapshot ${newest.id} of ${newest.at.toISOString()}.`];
  } catch (error) {
    const why = signal.aborted ? `no answer within ${SECONDS_MAX} s.` : (error as Error).message;
    return [`Off the machine, in ${repository.at}: it cannot be asked: ${why}`];
  }
}
