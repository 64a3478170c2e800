/** Chooses the account PostgreSQL runs under: it refuses to run as root, and the host is not to get a new user for it. */
import { chmodSync, lchownSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, parse } from 'node:path';
import { codeOf, EmbeddedPostgresError } from './errors.ts';

export type SystemAccount = Readonly<{ uid: number; gid: number }>;

// initdb looks its own uid up and fails when the host does not know it, so a made-up uid will not do.
const candidates = ['postgres', '_postgres', 'nobody'];

/**
 * The account to run under, or undefined to run as ourselves (the usual case: not root, or Windows).
 * As root a cluster keeps the owner it has. Throws EmbeddedPostgresError when the cluster is somebody else's.
 */
export function chooseAccount(dataDir: string): SystemAccount | undefined {
  const self = process.geteuid?.();
  const owner = ownerOf(dataDir);
  if (self === undefined) return undefined;
  if (self !== 0) {
    if (owner === undefined || owner.uid === self) return undefined;
    throw new EmbeddedPostgresError(
      `${dataDir} belongs to user ${owner.uid} and this process is user ${self}: start as that user or as root, or give another data directory.`,
    );
  }
  if (owner !== undefined && owner.uid !== 0) return owner;
  const account = accountsByName(readFileSync('/etc/passwd', 'utf8'));
  if (account === undefined) {
    throw new EmbeddedPostgresError(
      `PostgreSQL does not run as root and this host has none of the users ${candidates.join(', ')}: start as another user, or set DATABASE_URL.`,
    );
  }
  if (owner !== undefined) giveAll(dataDir, account);
  return account;
}

/**
 * How to start a program for that account: from the root, since it may not enter our directory, and without our
 * environment, which holds the mailer's keys. The time zone spares initdb a search of all of them. Windows programs need theirs.
 */
export const childOptions = (account: SystemAccount | undefined) => ({
  ...account,
  cwd: parse(process.cwd()).root,
  env: { ...(process.platform === 'win32' ? process.env : {}), LC_ALL: 'C', TZ: 'UTC' },
  windowsHide: true,
});

function ownerOf(dataDir: string): SystemAccount | undefined {
  try {
    const { uid, gid } = statSync(join(dataDir, 'PG_VERSION'));
    return { uid, gid };
  } catch (error) {
    if (codeOf(error) !== 'EACCES') return undefined;
    const { uid, gid } = statSync(dataDir);
    return { uid, gid };
  }
}

function accountsByName(passwd: string): SystemAccount | undefined {
  const rows = passwd.split('\n').map((line) => line.split(':'));
  const row = candidates
    .map((name) => rows.find((fields) => fields[0] === name))
    .find((fields) => fields !== undefined);
  return row && { uid: Number(row[2]), gid: Number(row[3]) };
}

// A copy made by root (cp -r, tar) belongs to root, often with a wider mode: PostgreSQL would refuse both.
function giveAll(dataDir: string, { uid, gid }: SystemAccount): void {
  chmodSync(dataDir, 0o700);
  lchownSync(dataDir, uid, gid);
  for (const name of readdirSync(dataDir, { recursive: true, encoding: 'utf8' }))
    lchownSync(join(dataDir, name), uid, gid);
}
