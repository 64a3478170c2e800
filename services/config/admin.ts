/** Settings of the commands that own the schema: another login than the running programs', where there is one. */
import { z } from 'zod';
import { secret } from '../runtime/settings.ts';

export const adminSettings = {
  DATABASE_ADMIN_URL: secret(
    z
      .url({ protocol: /^postgres(ql)?$/, error: 'must be a URL such as postgres://user:password@host:5432/database' })
      .optional(),
    'The database as its owner, for migrate and rebuild. Default: the same as DATABASE_URL or DB_*.',
  ),
};
