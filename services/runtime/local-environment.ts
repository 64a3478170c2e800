/** Where the embedded default keeps its data, and the settings that it made there for itself and the command line. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Environment } from './settings.ts';

export function dataFolder(environment: Environment): string {
  return resolve(environment.SEALPOST_DATA || '.data');
}

export const environmentFile = (folder: string): string => join(folder, 'environment.json');

/** The environment, and beneath it what `npm start` made in its data folder, if it did. */
export function withLocalEnvironment(environment: Environment): Environment {
  try {
    const made = JSON.parse(readFileSync(environmentFile(dataFolder(environment)), 'utf8')) as Environment;
    const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value));
    const ownDatabase = given.DATABASE_URL || given.DB_HOST;
    return { ...made, ...(ownDatabase ? { DATABASE_URL: '', DATABASE_ADMIN_URL: '' } : {}), ...given };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return environment;
    throw error;
  }
}
