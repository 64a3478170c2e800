/** Setting of the erasure ledger, which must lie where backups lie and not in the database. */
import { z } from 'zod';
import { setting } from '../runtime/settings.ts';

export const erasureSettings = {
  ERASURE_LEDGER: setting(
    z.string().optional(),
    'File outside the database that lists erasures by keyed hash, to repeat them after a restore. Default: none is kept.',
  ),
};
