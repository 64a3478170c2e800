/** Settings of the log. */
import { z } from 'zod';
import { logLevels } from '../runtime/log.ts';
import { FILE_BYTES_MAX } from '../runtime/log-output.ts';
import { setting } from '../runtime/settings.ts';

export const logSettings = {
  LOG_LEVEL: setting(
    z.enum(logLevels, `must be one of ${logLevels.join(', ')}`).default('info'),
    'Lowest level that is logged.',
  ),
  LOG_FILE: setting(
    z.string().optional(),
    `File that the log is written to, in addition to standard output; at ${FILE_BYTES_MAX / 2 ** 20} MiB it becomes NAME.1, in place of the one before.`,
  ),
};
