/** MA3: the guide's weekly clean-up of logs: files of LOG_FILE's folder that nobody has written to for long. */
import { readdir, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const DAY_MILLISECONDS = 86_400_000;
export const LOGS_KEPT_DAYS = 7;

/** A log, or one that was turned over. */
const LOG = /\.log(?:\.\d+)?$/;

/** Returns how many were deleted; nothing to do where there is no LOG_FILE. */
export async function forgetOldLogs(logFile: string | undefined, now: number = Date.now()): Promise<number> {
  if (logFile === undefined) return 0;
  const folder = dirname(logFile);
  const entries = await readdir(folder, { withFileTypes: true });
  let deleted = 0;
  for (const entry of entries) {
    if (!entry.isFile() || !LOG.test(entry.name)) continue;
    const file = join(folder, entry.name);
    const { mtimeMs } = await stat(file);
    if (now - mtimeMs <= LOGS_KEPT_DAYS * DAY_MILLISECONDS) continue;
    await unlink(file);
    deleted++;
  }
  return deleted;
}
