/** Setting of the erasure ledger, which must lie where backups lie and not in the database. */
import { z } from 'zod';
import { setting } from '../runtime/settings.ts';

export const erasureSettings = {
  ERASURE_LEDGER: setting(
    z.string().optional(),
    'File outside the database that lists erasures by keyed hash, so that a restored backup can be told of them; absent: none.',
  ),
};
