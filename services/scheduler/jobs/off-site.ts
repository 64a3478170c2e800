/** The nightly copy of the backups to BACKUP_REPOSITORY; on Sundays a part of what is there is read. */
import { copyOffSite } from '../../backup/off-site.ts';
import type { ToolPlace } from '../../backup/tool.ts';
import type { OffSiteOptions } from '../../config/off-site.ts';
import type { JobServices } from '../job.ts';

type Config = Readonly<{ place: ToolPlace; offSite: OffSiteOptions }>;

const SUNDAY = 0;

/** Returns 1. */
export async function backUpOffSite(
  { place, offSite }: Config,
  { signal, say }: Pick<JobServices, 'signal' | 'say'>,
  now: Date = new Date(),
): Promise<number> {
  await copyOffSite({ ...offSite, place, signal, say, check: now.getUTCDay() === SUNDAY });
  return 1;
}
