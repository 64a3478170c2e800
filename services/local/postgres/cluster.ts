/** Makes the cluster on the first start; on every later one checks that it is there and of this version. */
import {
  chownSync,
  closeSync,
  fchownSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { SystemAccount } from './account.ts';
import type { Binaries } from './binaries.ts';
import { codeOf, EmbeddedPostgresError } from './errors.ts';
import { makePassword, readPassword } from './password.ts';
import { startProgram } from './program.ts';

// Minutes, not seconds: a slow disk syncs a thousand files.
const INIT_MILLISECONDS = 300_000;
const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--encoding=UTF8'];

export type ClusterOptions = Readonly<{
  binaries: Binaries;
  account: SystemAccount | undefined;
  /** False only for a throw-away cluster: leaves out the last fsync of the new files. */
  sync: boolean;
  log: (line: string) => void;
}>;

/** Resolves to the superuser's password. Throws EmbeddedPostgresError when `dataDir` holds anything but a cluster of this version. */
export async function ensureCluster(dataDir: string, options: ClusterOptions): Promise<string> {
  const { major } = options.binaries;
  sweepDrafts(dataDir);
  const found = versionIn(dataDir);
  if (found === undefined) return create(dataDir, options);
  if (found !== major) {
    throw new EmbeddedPostgresError(
      `${dataDir} was made by PostgreSQL ${found} and this is PostgreSQL ${major}: dump it with the release that made it and restore it here, or give another data directory.`,
    );
  }
  const password = readPassword(dataDir);
  if (password !== undefined) return password;
  throw new EmbeddedPostgresError(
    `${dataDir} holds data, but its password is not in ${dataDir}.password: put that file back, or move both away to start anew.`,
  );
}

// In a draft beside it and then renamed: a start that is killed half-way leaves no half cluster under the real name.
async function create(dataDir: string, options: ClusterOptions): Promise<string> {
  const { binaries, account, sync, log } = options;
  makeRoom(dataDir);
  log(`creating a new PostgreSQL ${binaries.major} cluster in ${dataDir}`);
  const password = readPassword(dataDir) ?? makePassword(dataDir);
  const draft = `${dataDir}.partial-${crypto.randomUUID()}`;
  mkdirSync(draft, { mode: 0o700 });
  if (account !== undefined) chownSync(draft, account.uid, account.gid);
  const stdin = passwordFor(draft, password, account);
  const auth = ['--username=postgres', '--auth=scram-sha-256', '--pwfile=/dev/stdin'];
  if (stdin === undefined) auth[2] = `--pwfile=${dataDir}.password`;
  const initdb = startProgram(
    binaries.initdb,
    [...locale, ...auth, '--data-checksums', '--no-instructions', ...(sync ? [] : ['--no-sync'])],
    { account, dataDir: draft, timeoutMilliseconds: INIT_MILLISECONDS, ...(stdin === undefined ? {} : { stdin }) },
  );
  const ending = await initdb.ended;
  if (stdin !== undefined) closeSync(stdin);
  if (ending !== 'exit code 0') {
    rmSync(draft, { recursive: true, force: true });
    throw new EmbeddedPostgresError(
      `PostgreSQL could not make its data directory ${dataDir} (${ending}):`,
      initdb.said,
    );
  }
  renameSync(draft, dataDir);
  return password;
}

// The account may not read our password file, so as root it gets the password in a nameless file of its own.
function passwordFor(draft: string, password: string, account: SystemAccount | undefined): number | undefined {
  if (account === undefined) return undefined;
  const file = `${draft}.password`;
  const descriptor = openSync(file, 'wx+', 0o600);
  rmSync(file);
  // At position 0, not at the file's own: where /dev/stdin shares that, initdb would read from the end.
  writeSync(descriptor, `${password}\n`, 0);
  fchownSync(descriptor, account.uid, account.gid);
  return descriptor;
}

function makeRoom(dataDir: string): void {
  try {
    rmdirSync(dataDir);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw new EmbeddedPostgresError(
      `${dataDir} is not a PostgreSQL data directory and cannot be replaced by one (${codeOf(error)}): empty it, or give another data directory.`,
    );
  }
}

// What first starts left that were killed half-way: we hold the lock, so nobody needs it.
function sweepDrafts(dataDir: string): void {
  for (const name of readdirSync(dirname(dataDir))) {
    if (!name.startsWith(`${basename(dataDir)}.partial-`)) continue;
    try {
      rmSync(join(dirname(dataDir), name), { recursive: true, force: true });
    } catch {
      // Its initdb outlived its start and still writes there: the next start removes it.
    }
  }
}

function versionIn(dataDir: string): string | undefined {
  try {
    return readFileSync(join(dataDir, 'PG_VERSION'), 'utf8').trim();
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}
