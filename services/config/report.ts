/** Setting of the monthly report. */
import { z } from 'zod';
import { setting } from '../runtime/settings.ts';

export const reportSettings = {
  REPORT_DIR: setting(
    z.string().optional(),
    'Folder that the scheduler writes the monthly report to. Default: none is written; "sealpost report" prints one.',
  ),
};
