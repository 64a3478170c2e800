/** What is wrong with the settings of a stack of containers, read from its .env before anything is made of it. */
import { randomBytes } from 'node:crypto';
import { problemsOf } from '../config/all.ts';
import type { Environment } from '../runtime/settings.ts';

/** What compose.yaml sets itself, or what names a place of the machine there: the programs do not read it from .env. */
const ofTheStack = new Set([
  'DB_HOST',
  'DB_PORT',
  'METRICS_PORT',
  'TRUSTED_PROXIES',
  'ERASURE_LEDGER',
  'BACKUP_DIR',
  'REPORT_DIR',
  'WAL_DIR',
  'MAIL_TEMPLATES',
]);

/** What compose.modes.yaml sets while mails go to the mailbox. */
const ofTheMailbox = new Set(['SES_ENDPOINT', 'SES_TOPIC_ARNS', 'SNS_CERTIFICATE_URL']);

const made = (): string => randomBytes(32).toString('hex');

/** A line each; empty where nothing is. What the first start makes is taken as made. */
export function stackProblems(environment: Environment): readonly string[] {
  const mailbox = !environment.AWS_ACCESS_KEY_ID;
  const isRead = (name: string): boolean =>
    !ofTheStack.has(name) &&
    !name.endsWith('_FILE') &&
    !(mailbox && ofTheMailbox.has(name)) &&
    !(name === 'DB_SSL' && !environment.DATABASE_URL);
  const read = Object.fromEntries(Object.entries(environment).filter(([name, value]) => value !== '' && isRead(name)));
  return problemsOf({
    // As the image has it.
    NODE_ENV: 'production',
    // As compose.yaml has it.
    BACKUP_DIR: '/var/backups/postgresql',
    JWT_SECRET: made(),
    DB_PASSWORD: made(),
    BACKUP_DB_PASSWORD: made(),
    AWS_ACCESS_KEY_ID: made(),
    AWS_SECRET_ACCESS_KEY: made(),
    ...(mailbox ? { SES_FROM_EMAIL: 'noreply@example.com' } : {}),
    ...read,
  });
}
