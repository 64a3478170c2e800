/** Settings of the monthly report. */
import { z } from 'zod';
import type { Transport } from '../mail/transport.ts';
import {
  type Environment,
  InvalidSettings,
  readSettings,
  setting,
  type SettingsCheck,
  type SettingsOf,
} from '../runtime/settings.ts';
import { checkMail, mailSettings, mailTransport } from './mail.ts';

export const reportSettings = {
  REPORT_DIR: setting(
    z.string().optional(),
    'Folder that the scheduler writes the monthly report to. Default: none is written; "sealpost report" prints one.',
  ),
  REPORT_EMAIL: setting(
    z.email('must be an email address').optional(),
    'Address that the monthly report is also mailed to, by the sender of the codes; needs REPORT_DIR. Default: it is not mailed.',
  ),
};

type ReportSettings = SettingsOf<typeof reportSettings>;

/** Whom the report is mailed to, and by what. */
export type ReportMail = Readonly<{ to: string; openTransport: () => Transport }>;

export const checkReport: SettingsCheck<typeof reportSettings> = ({ REPORT_EMAIL, REPORT_DIR }) =>
  REPORT_EMAIL !== undefined && REPORT_DIR === undefined ? ['REPORT_EMAIL: needs REPORT_DIR as well.'] : [];

/** What is wrong with the settings of the mail, which nobody needs who only writes the report. */
export function checkReportMail(
  { REPORT_EMAIL }: Partial<ReportSettings>,
  environment: Environment,
): readonly string[] {
  if (REPORT_EMAIL === undefined) return [];
  try {
    readSettings(mailSettings, environment, checkMail);
    return [];
  } catch (error) {
    if (error instanceof InvalidSettings) return error.problems;
    throw error;
  }
}

/** Undefined where nobody is named. */
export function reportMailOf({ REPORT_EMAIL: to }: ReportSettings, environment: Environment): ReportMail | undefined {
  if (to === undefined) return undefined;
  const settings = readSettings(mailSettings, environment, checkMail);
  return { to, openTransport: () => mailTransport(settings) };
}
