/** What a run of the stack's tests needs of its folder and leaves on the Docker engine, also where a test fails or is ended. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Of every workshop's folder, and so of the clones in it. */
export const WORKSHOP_PREFIX = 'sealpost-mutants-';

const docker = (...args: readonly string[]): readonly string[] =>
  execFileSync('docker', args, { encoding: 'utf8' }).split('\n').filter(Boolean);

/** The tests take their clone by git from where they stand, and their folders inside of it; returns what they need for that. */
export function prepareFolder(directory: string): Readonly<Record<string, string>> {
  execFileSync('git', ['init', '--quiet'], { cwd: directory });
  appendFileSync(join(directory, '.git/info/exclude'), '/node_modules\n/report.json\n/clones/\n');
  const clones = join(directory, 'clones');
  mkdirSync(clones);
  return { TMPDIR: clones };
}

const label = (name: string): string => `{{.Label "com.docker.compose.project${name}"}}`;

/** Removes every stack that was brought up from a workshop's folder, and what stood beside it on its networks. */
export function sweep(): void {
  const found = docker('ps', '--all', '--format', `${label('')} ${label('.working_dir')}`);
  const projects = new Set(
    found.filter((line) => line.includes(`/${WORKSHOP_PREFIX}`)).map((line) => line.split(' ')[0]),
  );
  for (const project of projects) {
    const own = ['--quiet', '--filter', `label=com.docker.compose.project=${project}`];
    const networks = docker('network', 'ls', ...own);
    const beside = networks.flatMap((network) => docker('ps', '--all', '--quiet', '--filter', `network=${network}`));
    remove(['rm', '--force'], [...docker('ps', '--all', ...own), ...beside]);
    remove(['network', 'rm'], networks);
    remove(['volume', 'rm'], docker('volume', 'ls', ...own));
  }
}

function remove(command: readonly string[], ids: readonly string[]): void {
  if (ids.length > 0) docker(...command, ...new Set(ids));
}

/** The image of the sources as they are in the folder: the last fault's is not left behind. */
export function restoreImage(directory: string): void {
  execFileSync('docker', ['compose', 'build', '--quiet'], { cwd: directory, stdio: 'ignore' });
}
