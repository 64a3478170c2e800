/** Stops a postmaster for certain: politely first, then harder, each step bounded. */
import { spawnSync } from 'node:child_process';
import { codeOf, EmbeddedPostgresError } from './errors.ts';

export type StopMode = 'smart' | 'fast' | 'immediate';

export type Stoppable = Readonly<{
  pid: number;
  /** Resolves to whether the process is gone, at the latest after that time. */
  goneWithin(milliseconds: number): Promise<boolean>;
  /** Where pg_ctl is: Windows has no signals, and pg_ctl speaks PostgreSQL's substitute for them. */
  pgCtl: string;
}>;

// The last rung is not PostgreSQL's own: whatever has not heard three requests is beyond asking.
const ladder = [
  ['smart', 'SIGTERM'],
  ['fast', 'SIGINT'],
  ['immediate', 'SIGQUIT'],
  ['kill', 'SIGKILL'],
] as const;

/** Resolves when the process is gone. Each step has `stepMilliseconds`; throws EmbeddedPostgresError if SIGKILL fails too. */
export async function stopServer(server: Stoppable, mode: StopMode, stepMilliseconds: number): Promise<void> {
  for (const [, signal] of ladder.slice(ladder.findIndex(([name]) => name === mode))) {
    send(server, signal);
    if (await server.goneWithin(stepMilliseconds)) return;
  }
  throw new EmbeddedPostgresError(`PostgreSQL, process ${server.pid}, does not stop, not even when killed.`);
}

function send({ pid, pgCtl }: Stoppable, signal: (typeof ladder)[number][1]): void {
  if (process.platform === 'win32' && signal !== 'SIGKILL') {
    spawnSync(pgCtl, ['kill', signal.slice('SIG'.length), String(pid)], { windowsHide: true });
    return;
  }
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return;
    throw new EmbeddedPostgresError(
      `PostgreSQL, process ${pid}, belongs to another user and cannot be stopped from here.`,
    );
  }
}
