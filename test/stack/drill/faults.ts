/** The faults of the drill: what is provoked, the alert that has to fire, and how it is mended again. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { awaitCode, behave, wrongCode } from '../../support/mailbox.ts';
import { MAILBOX, type Stack } from '../support/stack.ts';
import { tokenOf } from '../support/traffic.ts';

export type Fault = Readonly<{
  what: string;
  alert: string;
  provoke(stack: Stack): Promise<unknown>;
  mend(stack: Stack): Promise<unknown>;
  /** It is of a window of time, and goes on firing after it is mended. */
  lasts?: true;
}>;

let asked = 0;
/** A user and an address of its own each time. */
async function askForCode(stack: Stack, email = `drill${++asked}@example.com`, user = 10_000 + asked) {
  const token = await tokenOf(user);
  const answer = await stack.answer({
    method: 'POST',
    path: '/api/email-verification/send-otp',
    token,
    body: { email },
  });
  return { email, token, answer };
}

const askForCodes = async (stack: Stack, count: number): Promise<void> => {
  for (let n = 0; n < count; n++) await askForCode(stack);
};

async function guess(stack: Stack): Promise<void> {
  const { email, token } = await askForCode(stack);
  const otp = wrongCode(await awaitCode(MAILBOX, email));
  for (let n = 0; n < 3; n++)
    await stack.answer({ method: 'POST', path: '/api/email-verification/verify-otp', token, body: { email, otp } });
}

const times = async (count: number, work: () => Promise<unknown>): Promise<void> => {
  for (let n = 0; n < count; n++) await work();
};

const up = (stack: Stack, service: string) => stack.compose('up', '-d', '--wait', '--no-deps', service);
const inScheduler = (stack: Stack, command: string, as = '0') =>
  stack.compose('exec', '-T', '-u', as, 'scheduler', 'sh', '-c', command);
const psql = (stack: Stack, statement: string) =>
  stack.compose('exec', '-T', '-u', 'postgres', 'postgres', 'psql', '-d', 'request_marketplace_prod', '-c', statement);

/** Codes are asked for until a breaker sees that none can be sent, and once more when it may be tried. */
const sesIs = (mode: object) => async (stack: Stack) => {
  await behave(MAILBOX, mode);
  await askForCodes(stack, 3);
};
const sesIsWell = () => behave(MAILBOX, { mode: 'normal' });

const FILL = '/var/log/request-marketplace/fill';
const DRIFTED =
  "update user_email_addresses set is_verified = not is_verified where email_address = 'drill1@example.com'";

/** In this order: those that stay come last. */
const all: readonly Fault[] = [
  {
    what: 'every api is stopped',
    alert: 'ApiDown',
    provoke: (stack) => stack.compose('stop', 'api'),
    mend: (stack) => up(stack, 'api'),
  },
  {
    what: 'the edge is stopped',
    alert: 'EdgeDown',
    provoke: (stack) => stack.compose('stop', 'caddy'),
    mend: (stack) => up(stack, 'caddy'),
  },
  {
    what: 'the database is stopped',
    alert: 'DatabaseDown',
    provoke: (stack) => stack.compose('stop', 'postgres'),
    mend: (stack) => up(stack, 'postgres'),
  },
  {
    what: 'the scheduler is stopped',
    alert: 'SchedulerDown',
    provoke: (stack) => stack.compose('stop', 'scheduler'),
    mend: (stack) => up(stack, 'scheduler'),
  },
  {
    what: 'a disk is filled',
    alert: 'DiskNearlyFull',
    provoke: (stack) => inScheduler(stack, `head -c 15M /dev/zero > ${FILL}`),
    mend: (stack) => inScheduler(stack, `rm ${FILL}`),
  },
  {
    what: 'SES throttles',
    alert: 'MailLate',
    provoke: sesIs({ mode: 'throttle' }),
    mend: sesIsWell,
  },
  {
    what: 'SES pauses the account',
    alert: 'MailServiceUnavailable',
    provoke: sesIs({ mode: 'pause' }),
    mend: sesIsWell,
  },
  {
    what: 'SES refuses the sender',
    alert: 'MailServiceUnavailable',
    provoke: sesIs({ mode: 'unverified' }),
    mend: sesIsWell,
  },
  {
    what: 'the clock of an api is 30 s ahead',
    alert: 'ClockApart',
    provoke: (stack) => stack.compose('--profile', 'apart', 'up', '-d', '--no-deps', 'api-apart'),
    mend: (stack) => stack.compose('--profile', 'apart', 'rm', '--stop', '--force', 'api-apart'),
  },
  {
    what: 'a row of a read table is changed by hand',
    alert: 'ReadTablesDiffer',
    provoke: (stack) => psql(stack, DRIFTED),
    mend: (stack) => stack.sealpost('rebuild'),
    lasts: true,
  },
  {
    what: 'the backups are gone',
    alert: 'BackupTooOld',
    provoke: (stack) => inScheduler(stack, 'rm /var/backups/postgresql/*', 'node'),
    mend: (stack) => stack.sealpost('backup', 'now'),
  },
  {
    what: 'SES refuses a mail for what it is',
    alert: 'MailRefused',
    provoke: sesIs({ mode: 'reject', times: 1 }),
    mend: sesIsWell,
    lasts: true,
  },
  {
    what: '60 wrong codes are typed',
    alert: 'WrongCodesMany',
    provoke: (stack) => times(20, () => guess(stack)),
    mend: async () => {},
    lasts: true,
  },
  {
    what: 'a user asks for 300 codes',
    alert: 'RequestsRefusedMany',
    provoke: (stack) => times(300, () => askForCode(stack, `drill${++asked}@example.com`, 9999)),
    mend: async () => {},
    lasts: true,
  },
  {
    what: 'mails of thirty people bounce',
    alert: 'SendingPaused',
    provoke: async (stack) => {
      await askForCodes(stack, 200);
      // Of all that this stack has sent in a day, which may be a few hundred mails of other drills: more than 4 %.
      await times(30, () => askForCode(stack, `bounce+${++asked}@simulator.amazonses.com`));
    },
    mend: (stack) => stack.sealpost('sending', 'resume'),
  },
  {
    what: 'the certificate is not renewed',
    alert: 'CertificateExpiresSoon',
    provoke: async (stack) => {
      const file = join(stack.folder, 'caddy/Caddyfile');
      const short = '\t\tissuer internal {\n\t\t\tlifetime 100s\n\t\t}\n';
      const protocols = '\t\tprotocols tls1.2 tls1.3\n';
      await writeFile(file, (await readFile(file, 'utf8')).replace(protocols, protocols + short));
      await writeFile(join(stack.folder, 'caddy/global.d/drill.caddy'), 'renew_interval 1h\n');
      await stack.compose('exec', '-T', 'caddy', 'rm', '-r', '/data/caddy/certificates');
      await stack.compose('restart', 'caddy');
    },
    mend: async () => {},
    lasts: true,
  },
];

/** All of them; with DRILL_SAMPLE from 0 to 3 a quarter, for whoever runs some of them each day. */
const sample = process.env.DRILL_SAMPLE;
export const faults = sample === undefined ? all : all.filter((_, n) => n % 4 === Number(sample));
