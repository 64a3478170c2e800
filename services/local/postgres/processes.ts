/**
 * Looks at other processes: is this pid still the one we mean, and is it the PostgreSQL of this data directory?
 * Linux reads /proc; macOS asks ps and Windows tasklist (both written from their manuals, not run).
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';

const ASK_MILLISECONDS = 5_000;

/**
 * A text that stays the same for one process's whole life and differs for the next process that gets its pid (on
 * Windows it does not); undefined when there is none. A zombie counts as none: it runs nothing and holds nothing.
 */
export function birthOf(pid: number): string | undefined {
  if (process.platform === 'linux') return birthInProc(pid);
  if (process.platform === 'win32') return imageOf(pid);
  const [state, ...born] = ask('ps', ['-o', 'state=,lstart=', '-p', String(pid)])
    .trim()
    .split(/\s+/u);
  return !state || state.startsWith('Z') ? undefined : born.join(' ');
}

/** An argument for the postmaster that says whose it is: as root its -D is a bare descriptor (program.ts). */
export const markOf = (dataDir: string): string => `sealpost.data_directory=${dataDir}`;

/** Whether `pid` is the postmaster (not one of its children, which bear other titles) that serves `dataDir`. */
export function servesDataDir(pid: number, dataDir: string): boolean {
  if (birthOf(pid) === undefined) return false;
  if (process.platform === 'win32') return /^"?postgres\.exe/iu.test(imageOf(pid) ?? '');
  if (process.platform === 'linux') return inProc(pid, dataDir);
  const command = ask('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).trim();
  return command.includes('/postgres ') && `${command} `.includes(` ${markOf(dataDir)} `);
}

function birthInProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // proc_pid_stat(5): the name may hold spaces and brackets, so count from its last bracket: state, then 18 fields, then start.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${fields[19]}`;
  } catch {
    return undefined;
  }
}

function inProc(pid: number, dataDir: string): boolean {
  try {
    const [program = '', ...args] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    if (basename(program) !== 'postgres') return false;
    if (args.includes(markOf(dataDir))) return true;
    // Moved meanwhile, or started by hand. Root in a container may not look here, so this cannot be the only sign.
    const [there, here] = [statSync(`/proc/${pid}/cwd`), statSync(dataDir)];
    return there.ino === here.ino && there.dev === here.dev;
  } catch {
    return false;
  }
}

function imageOf(pid: number): string | undefined {
  const row = ask('tasklist', ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH']).trim();
  return row.includes(`"${pid}"`) ? row.split(',')[0] : undefined;
}

const ask = (program: string, args: string[]): string =>
  spawnSync(program, args, { encoding: 'utf8', timeout: ASK_MILLISECONDS, windowsHide: true }).stdout ?? '';
