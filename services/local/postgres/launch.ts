/** Starts the postmaster and waits until it says that it is ready, or until it has failed or fallen silent. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SystemAccount } from './account.ts';
import type { Binaries } from './binaries.ts';
import { EmbeddedPostgresError } from './errors.ts';
import { markOf } from './processes.ts';
import { type Program, startProgram } from './program.ts';
import { type Stoppable, stopServer } from './stopping.ts';

export type LaunchPlan = Readonly<{
  binaries: Binaries;
  account: SystemAccount | undefined;
  dataDir: string;
  port: number;
  settings: Readonly<Record<string, string>>;
  stepMilliseconds: number;
  log: (line: string) => void;
}>;
export type RunningPostgres = Stoppable & Pick<Program, 'ended'>;
/** Survivors: backends of a killed postmaster that have not noticed yet. Waiting helps there, another port elsewhere. */
export type Launch =
  | { state: 'ready'; server: RunningPostgres }
  | { state: 'failed'; cause: 'portBusy' | 'survivors' | 'other'; error: EmbeddedPostgresError };

const POLL_MILLISECONDS = 10;
// Silence, not time: replaying a long log after a crash takes minutes, and PostgreSQL reports on it every 10 s.
const SILENCE_MILLISECONDS = 30_000;

const standing = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'on',
  synchronous_commit: 'on',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // An error's text and DETAIL quote values, so addresses. The client gets them in full; the log is to hold none: 'log'
  // ranks above 'error' (runtime-config-logging, table 19.2) and keeps what the server says of itself.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
};

/** Resolves when the server accepts connections, or to why it does not; nothing is left running then. */
export async function launch(plan: LaunchPlan): Promise<Launch> {
  const { binaries, account, dataDir, port, log } = plan;
  const settings = Object.entries({ ...standing, ...plan.settings }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  // Detached, so in a session of its own: a Ctrl-C in the terminal is for the api, which drains before the database stops.
  const args = ['-p', String(port), '-c', markOf(dataDir), ...settings];
  const program = startProgram(binaries.postgres, args, {
    account,
    dataDir,
    detached: true,
    log,
  });
  const server = { pid: program.pid ?? 0, pgCtl: binaries.pgCtl, ended: program.ended, goneWithin: waiter(program) };
  while (program.ending() === undefined && Date.now() - program.heardAt() < SILENCE_MILLISECONDS) {
    if (isReady(dataDir, server.pid)) return { state: 'ready', server };
    await sleep(POLL_MILLISECONDS);
  }
  if (program.ending() === undefined) await stopServer(server, 'immediate', plan.stepMilliseconds);
  return failure(plan, program);
}

// The postmaster writes its state on the eighth line of postmaster.pid (src/include/utils/pidfile.h).
function isReady(dataDir: string, pid: number): boolean {
  try {
    const lines = readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n');
    return lines[0] === String(pid) && lines[7]?.trim() === 'ready';
  } catch {
    return false;
  }
}

function failure({ dataDir, port }: LaunchPlan, program: Program): Launch {
  const words = program.said.join('\n');
  const failed = (cause: 'portBusy' | 'survivors' | 'other', sentence: string): Launch => ({
    state: 'failed',
    cause,
    error: new EmbeddedPostgresError(sentence, program.said),
  });
  // Windows words it its own way: "Only one usage of each socket address" or "forbidden by its access permissions".
  if (/could not bind IPv4 address/u.test(words)) {
    return failed('portBusy', `Port ${port} on 127.0.0.1 is not free: stop what uses it, or choose another port.`);
  }
  if (/pre-existing shared memory block/u.test(words)) {
    return failed('survivors', `Processes of an earlier PostgreSQL still use ${dataDir}: stop them first.`);
  }
  return failed('other', `PostgreSQL does not start on ${dataDir} (${program.ending() ?? 'no answer'}):`);
}

const waiter =
  ({ ended, ending }: Program) =>
  async (milliseconds: number): Promise<boolean> => {
    const timer = new AbortController();
    const late = sleep(milliseconds, undefined, { signal: timer.signal }).catch(() => {});
    await Promise.race([ended, late]);
    timer.abort();
    return ending() !== undefined;
  };
