/**
 * Clears what a killed owner left in a data directory: a server still running, or a postmaster.pid that names a stranger.
 * A running one is stopped, not adopted: its settings and port are those of an older start, its log pipe is broken, and
 * only a child of ours reports its own death. A fast stop and a warm start cost about 0.2 s.
 */
import { chownSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { birthOf, servesDataDir } from './processes.ts';
import { stopServer } from './stopping.ts';

const POLL_MILLISECONDS = 20;
// Linux ends at 4194304 and macOS at 99998, so PostgreSQL finds nobody there and takes the file over.
const PID_OF_NOBODY = 2_147_483_647;

/** Leaves `dataDir` free for a new server. The caller holds the lock, so whoever started the old one is dead. */
export async function clearLeftover(
  dataDir: string,
  options: { pgCtl: string; stepMilliseconds: number; log: (line: string) => void },
): Promise<void> {
  const pid = postmasterPid(dataDir);
  // Empty or torn: a start on a full disk. PostgreSQL would refuse it for ever.
  if (pid === undefined) return rmSync(join(dataDir, 'postmaster.pid'), { force: true });
  if (!servesDataDir(pid, dataDir)) return disown(dataDir);
  options.log(`stopping PostgreSQL ${pid}: the process that started it was killed`);
  const born = birthOf(pid);
  const goneWithin = async (milliseconds: number): Promise<boolean> => {
    for (const end = Date.now() + milliseconds; Date.now() < end; await sleep(POLL_MILLISECONDS)) {
      if (birthOf(pid) !== born) return true;
    }
    return birthOf(pid) !== born;
  };
  await stopServer({ pid, goneWithin, pgCtl: options.pgCtl }, 'fast', options.stepMilliseconds);
  // Whatever had to be killed, or is a zombie nobody reaps, leaves a pid that PostgreSQL would still take for alive.
  if (postmasterPid(dataDir) !== undefined) disown(dataDir);
}

/** The pid on the first line of postmaster.pid; undefined when there is no such file or number. */
export function postmasterPid(dataDir: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(join(dataDir, 'postmaster.pid'), 'utf8'), 10);
    return pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

// PostgreSQL asks only whether the pid lives, so a stranger or a zombie with that pid would block it for ever. The rest
// of the file stays: by its shared memory key PostgreSQL still finds and refuses surviving backends.
function disown(dataDir: string): void {
  const file = join(dataDir, 'postmaster.pid');
  const { uid, gid } = statSync(file);
  const draft = `${file}.new`;
  writeFileSync(draft, readFileSync(file, 'utf8').replace(/^\d+/u, String(PID_OF_NOBODY)), { mode: 0o600 });
  if (process.geteuid?.() === 0) chownSync(draft, uid, gid);
  renameSync(draft, file);
}
