/** The secrets of the embedded default: made once, kept in the data folder, readable by its owner only. */
import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../runtime/whole-file.ts';

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
  writeWhole(file, asJson(secrets));
  return secrets;
}

/** As a file holds it. */
export const asJson = (content: object): string => `${JSON.stringify(content, null, 2)}\n`;
