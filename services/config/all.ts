/** Every setting there is, by chapter: what docs/settings.md and .env.example are made from, and what the doctor reads. */
import type { z } from 'zod';
import {
  type Environment,
  InvalidSettings,
  readSettings,
  type Setting,
  type SettingsTable,
} from '../runtime/settings.ts';
import { accountSettings } from './accounts.ts';
import { adminSettings } from './admin.ts';
import { alertThresholdSettings } from './alert-thresholds.ts';
import { alertSettings, checkAlerts } from './alerts.ts';
import { backupSettings } from './backup.ts';
import { checkCors, corsSettings } from './cors.ts';
import { checkDatabase, databaseSettings } from './database.ts';
import { doctorSettings } from './doctor.ts';
import { edgeSettings } from './edge.ts';
import { erasureSettings } from './erasure.ts';
import { feedbackSettings } from './feedback.ts';
import { guideUses } from './guide.ts';
import { httpSettings } from './http.ts';
import { checkKeys, keySettings } from './keys.ts';
import { limitSettings } from './limits.ts';
import { localSettings } from './local.ts';
import { logSettings } from './log.ts';
import { checkMail, mailSettings } from './mail.ts';
import { checkMessage, messageSettings } from './message.ts';
import { checkOffSite, offSiteSettings } from './off-site.ts';
import { refusePlaceholders } from './placeholders.ts';
import { checkReport, reportSettings } from './report.ts';
import { checkRules, ruleSettings } from './rules.ts';
import { traceSettings } from './traces.ts';
import { unusedSettings } from './unused.ts';
import { walSettings } from './wal.ts';

export const chapters: Readonly<Record<string, SettingsTable>> = {
  'The server': { ...httpSettings, ...edgeSettings },
  'The database': { ...databaseSettings, ...adminSettings },
  'Keys and tokens': keySettings,
  'Operator accounts': accountSettings,
  'Sending email': mailSettings,
  'The email': messageSettings,
  'Delivery reports': feedbackSettings,
  'Codes and limits': ruleSettings,
  'Limits per IP': limitSettings,
  'The log': logSettings,
  Traces: traceSettings,
  Alerts: { ...alertSettings, ...alertThresholdSettings },
  Backups: { ...backupSettings, ...walSettings, ...offSiteSettings },
  'The monthly report': reportSettings,
  Erasure: erasureSettings,
  CORS: corsSettings,
  'The doctor': doctorSettings,
  'Not needed': unusedSettings,
  'Only for npm start': localSettings,
};

/** What is wrong with the settings of all programs together, a line each; empty where nothing is. */
export function problemsOf(environment: Environment): readonly string[] {
  const table = Object.assign({}, ...Object.values(chapters)) as SettingsTable;
  try {
    readSettings(table, environment, (found) => [
      ...checkRules(found),
      ...checkDatabase(found),
      ...checkKeys(found),
      ...checkMail(found),
      ...checkMessage(found),
      ...checkCors(found),
      ...checkOffSite(found),
      ...checkReport(found),
      ...checkAlerts(found),
      ...refusePlaceholders(table)(found),
    ]);
    return [];
  } catch (error) {
    if (error instanceof InvalidSettings) return error.problems;
    throw error;
  }
}

/** Markdown of every setting: a heading and a table for each chapter. */
export function settingsAsMarkdown(): string {
  const head = ['| setting | default | the guide’s | what it is |', '| --- | --- | --- | --- |'];
  const parts = Object.entries(chapters).map(([title, table]) => {
    const rows = Object.entries(table).map(
      ([name, one]) =>
        `| \`${name}\`${one.secret ? ' *' : ''} | ${defaultOf(one)} | ${guideUses[name] ?? ''} | ${describe(one)} |`,
    );
    return [`### ${title}`, '', ...head, ...rows].join('\n');
  });
  return parts.join('\n\n');
}

/** The same as an environment file: all commented out, so that the defaults hold. */
export function settingsAsEnvironmentFile(): string {
  const parts = Object.entries(chapters).map(([title, table]) => {
    const lines = Object.entries(table).map(([name, one]) => {
      const fallback = defaultOf(one).replaceAll('`', '');
      return `# ${describe(one)}\n#${name}=${/^(?:none|required)$/.test(fallback) ? '' : fallback}`;
    });
    return [`# ---- ${title}`, ...lines].join('\n');
  });
  return `${parts.join('\n\n')}\n`;
}

function defaultOf({ schema }: Setting<z.ZodType>): string {
  const parsed = schema.safeParse(undefined);
  if (!parsed.success) return 'required';
  return parsed.data === undefined || String(parsed.data) === '' ? 'none' : `\`${String(parsed.data)}\``;
}

/** The sentence, with the bounds where there are any. */
function describe({ schema, sentence }: Setting<z.ZodType>): string {
  const values = schema.meta()?.values;
  return typeof values === 'string' ? `${sentence.replace(/\.$/, '')} (${values}).` : sentence;
}
