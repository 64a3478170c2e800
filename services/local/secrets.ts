/** The secrets of the embedded default: made once, kept in the data folder, readable by its owner only. */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type LocalSecrets = Readonly<{
  jwtSecret: string;
  databasePassword: string;
  awsAccessKeyId: string;
  awsSecretAccessKey: string;
  demoUserId: string;
}>;

export function loadSecrets(folder: string): LocalSecrets {
  const file = join(folder, 'secrets.json');
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as LocalSecrets;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const secrets: LocalSecrets = {
    jwtSecret: randomBytes(48).toString('base64url'),
    databasePassword: randomBytes(24).toString('base64url'),
    awsAccessKeyId: `LOCAL${randomBytes(8).toString('hex').toUpperCase()}`,
    awsSecretAccessKey: randomBytes(24).toString('base64url'),
    demoUserId: randomUUID(),
  };
  writePrivately(file, secrets);
  return secrets;
}

/** Writes JSON for the owner's eyes: whole or not at all, also when the power goes. */
export function writePrivately(file: string, content: object): void {
  mkdirSync(join(file, '..'), { recursive: true, mode: 0o755 });
  writeFileSync(`${file}.new`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
}
