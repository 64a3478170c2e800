/** Settings of the commands that own the schema: another login than the running programs', where there is one. */
import { secret } from '../runtime/settings.ts';
import { databaseUrl } from './database.ts';

export const adminSettings = {
  DATABASE_ADMIN_URL: secret(
    databaseUrl,
    'The database as its owner, for migrate and rebuild. Default: the same as DATABASE_URL or DB_*.',
  ),
};
