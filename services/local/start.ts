/** The whole product on one machine with nothing else installed: PostgreSQL, the local SES, api and scheduler. */
import { join } from 'node:path';
import { readApiConfig } from '../api/config.ts';
import { startApi } from '../api/start.ts';
import { toolMajor, toolPlace } from '../backup/tool.ts';
import { localSettings } from '../config/local.ts';
import { dataFolder, environmentFile } from '../runtime/local-environment.ts';
import { type Environment, readSettings } from '../runtime/settings.ts';
import { issueToken } from '../runtime/token.ts';
import { createLogOutput, type LogOutput } from '../runtime/log-output.ts';
import { writeWhole } from '../runtime/whole-file.ts';
import { readSchedulerConfig } from '../scheduler/config.ts';
import { startScheduler } from '../scheduler/start.ts';
import { grantedActions } from '../mail/iam-policy.ts';
import { migrate } from '../store/migrate.ts';
import { prepareDatabase } from './database.ts';
import { startPostgres } from './postgres/server.ts';
import { asJson, loadSecrets, type LocalSecrets } from './secrets.ts';
import { CERTIFICATE_PATH, LOCAL_TOPIC_ARN } from '../ses-local/feedback.ts';
import { startLocalSes } from '../ses-local/server.ts';

export type RunningLocal = Readonly<{
  apiUrl: string;
  mailboxUrl: string | undefined;
  /** Where they go, or why there are none. */
  backups: string;
  metricsUrl: string;
  folder: string;
  token: string;
}>;

/** A later pg_dump reads an older server, and an older one refuses a later. */
const POSTGRES_MAJOR = 18;

/** Steps to stop with, latest started first; a step is there before what it stops has fully started. */
export type StopSteps = (() => Promise<void>)[];

/**
 * Starts everything that the environment does not name elsewhere: with DATABASE_URL or DB_HOST that server is used,
 * with AWS_ACCESS_KEY_ID real SES. Throws with a plain sentence; what had started is in `steps`.
 */
export async function startLocal(
  given: Environment,
  steps: StopSteps,
  say: (line: string) => void,
): Promise<RunningLocal> {
  const { MAILBOX_PORT, SEALPOST_MAIL_RATE } = readSettings(localSettings, given);
  const folder = dataFolder(given);
  const secrets = loadSecrets(folder);
  const database = await ensureDatabase(given, folder, secrets, steps, say);
  const mailbox = await ensureMailbox(given, { port: MAILBOX_PORT, maxSendRate: SEALPOST_MAIL_RATE }, secrets, steps);
  const canDump = ((await toolMajor('pg_dump', toolPlace(given))) ?? 0) >= POSTGRES_MAJOR;
  const made: Environment = {
    JWT_SECRET: secrets.jwtSecret,
    ERASURE_LEDGER: join(folder, 'erasures.jsonl'),
    REPORT_DIR: join(folder, 'reports'),
    ...(canDump && { BACKUP_DIR: join(folder, 'backups') }),
    ...database,
    ...mailbox?.environment,
  };
  writeWhole(environmentFile(folder), asJson(made));
  const environment: Environment = { HOST: '127.0.0.1', LOG_LEVEL: 'warn', ...made, ...nonEmpty(given) };
  const apiConfig = readApiConfig(environment);
  const schedulerConfig = readSchedulerConfig(environment);
  const api = await startApi(apiConfig);
  steps.unshift(api.stop);
  mailbox?.reportTo(`${api.url}/api/ses/notifications`);
  // Beside the api's, in the same process.
  const metricsPort = apiConfig.metricsPort === 0 ? 0 : apiConfig.metricsPort + 1;
  const scheduler = await startScheduler({ ...schedulerConfig, metricsPort });
  steps.splice(1, 0, scheduler.stop);
  const token = await issueToken({
    ...(apiConfig.accounts.signing ?? { secret: secrets.jwtSecret }),
    userId: secrets.demoUserId,
    role: undefined,
    expiresIn: '24h',
  });
  const metricsUrl = `http://127.0.0.1:${api.metricsPort}/metrics`;
  const backups = schedulerConfig.backup?.folder ?? `none: pg_dump ${POSTGRES_MAJOR} or later is not on this machine`;
  return { apiUrl: api.url, mailboxUrl: mailbox?.url, backups, metricsUrl, folder, token };
}

async function ensureDatabase(
  given: Environment,
  folder: string,
  secrets: LocalSecrets,
  steps: StopSteps,
  say: (line: string) => void,
): Promise<Environment> {
  if (given.DATABASE_URL || given.DB_HOST) {
    say('Database: the one in your settings');
    await migrate(given.DATABASE_ADMIN_URL || readApiConfig({ ...placeholders, ...nonEmpty(given) }).database.url, say);
    return {};
  }
  say('Database: PostgreSQL 18, embedded');
  const log = serverLog(join(folder, 'postgres.log'), say);
  const starting = startPostgres({
    dataDir: join(folder, 'postgres'),
    log: (line) => {
      log.write(`${line}\n`);
      // The server's own lines begin with a date; the others are ours, for the person who waits.
      if (!/^\d{4}-/.test(line)) say(line);
    },
  });
  steps.unshift(async () => {
    const server = await starting.catch(() => undefined);
    await server?.stop('fast');
  });
  const { url, adminUrl } = await prepareDatabase(await starting, secrets.databasePassword);
  return { DATABASE_URL: url, DATABASE_ADMIN_URL: adminUrl };
}

/** PostgreSQL's own lines of this start, in a file for its owner; a full disk costs lines and is said once. */
function serverLog(file: string, say: (line: string) => void): Pick<LogOutput, 'write'> {
  let lost = false;
  const onLost = (_lines: number, code: string): void => {
    if (!lost) say(`${file} cannot be written (${code}).`);
    lost = true;
  };
  writeWhole(file, '');
  return createLogOutput({ to: file, onLost, onRecovered: () => {} });
}

// Only to read the database's settings before the others are known.
const placeholders = {
  JWT_SECRET: 'x'.repeat(32),
  AWS_ACCESS_KEY_ID: 'x',
  AWS_SECRET_ACCESS_KEY: 'x',
  SES_FROM_EMAIL: 'x@example.com',
};

async function ensureMailbox(
  given: Environment,
  options: Readonly<{ port: number; maxSendRate: number }>,
  secrets: LocalSecrets,
  steps: StopSteps,
): Promise<{ url: string; environment: Environment; reportTo: (url: string) => void } | undefined> {
  if (given.AWS_ACCESS_KEY_ID || given.MAIL_TRANSPORT === 'smtp') return undefined;
  const credentials = { accessKeyId: secrets.awsAccessKeyId, secretAccessKey: secrets.awsSecretAccessKey };
  const ses = await startLocalSes({ ...options, credentials, max24HourSend: 1_000_000, granted: grantedActions });
  steps.unshift(ses.close);
  const environment = {
    SES_ENDPOINT: ses.url,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    SES_FROM_EMAIL: 'noreply@example.com',
    SES_TOPIC_ARNS: LOCAL_TOPIC_ARN,
    SNS_CERTIFICATE_URL: `${ses.url}${CERTIFICATE_PATH}`,
  };
  return { url: ses.url, environment, reportTo: ses.reportTo };
}

function nonEmpty(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value));
}
