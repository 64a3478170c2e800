/** Settings of the log. */
import { z } from 'zod';
import { logLevels } from '../runtime/log.ts';
import { setting } from '../runtime/settings.ts';

export const logSettings = {
  LOG_LEVEL: setting(
    z.enum(logLevels, `one of ${logLevels.join(', ')} is needed`).default('info'),
    'The least level that is logged.',
  ),
  LOG_FILE: setting(z.string().optional(), 'A file that gets the log beside standard output.'),
};
