/** The database as its owner, from the settings. */
import { adminSettings } from '../config/admin.ts';
import { databaseOptions, databaseSettings } from '../config/database.ts';
import { type Environment, readSettings } from '../runtime/settings.ts';
import type { DatabaseOptions } from '../store/database.ts';

export function adminUrl(environment: Environment): string {
  const settings = readSettings({ ...adminSettings, ...databaseSettings }, environment);
  return settings.DATABASE_ADMIN_URL ?? databaseOptions(settings, 'sealpost-cli').url;
}

export function readerOptions(environment: Environment): DatabaseOptions {
  return databaseOptions(readSettings(databaseSettings, environment), 'sealpost-cli');
}
