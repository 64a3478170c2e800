/** Keeps the superuser's password beside the data directory, readable by its owner only and never anywhere else. */
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { codeOf } from './errors.ts';

const PASSWORD_BYTES = 32;

/** The password kept for `dataDir`; undefined when there is none. Throws the system's error when it may not be read. */
export function readPassword(dataDir: string): string | undefined {
  try {
    return readFileSync(`${dataDir}.password`, 'utf8').trim() || undefined;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Makes and keeps a new password, on disk before this returns: a cluster whose password is lost is lost too. */
export function makePassword(dataDir: string): string {
  const password = randomBytes(PASSWORD_BYTES).toString('base64url');
  const draft = `${dataDir}.password.new`;
  rmSync(draft, { force: true });
  const descriptor = openSync(draft, 'wx', 0o600);
  writeSync(descriptor, `${password}\n`);
  fsyncSync(descriptor);
  closeSync(descriptor);
  renameSync(draft, `${dataDir}.password`);
  return password;
}
