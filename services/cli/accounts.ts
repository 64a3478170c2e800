/** `sealpost accounts`: the operators who may log in, and what became of their logins. */
import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { text } from 'node:stream/consumers';
import { type Command, InvalidArgumentError } from 'commander';
import { accountSettings } from '../config/accounts.ts';
import { checkKeys, keySettings, otpKeysOf } from '../config/keys.ts';
import { type EmailAddress, parseEmailAddress } from '../core/email-address.ts';
import { keyedHash } from '../runtime/keys.ts';
import { hashPassword, PASSWORD_CHARACTERS_MAX, PASSWORD_CHARACTERS_MIN } from '../runtime/password.ts';
import { type Environment, readSettings } from '../runtime/settings.ts';
import { createAccount, disableAccount, listAccounts, recordUnlock, resetPassword } from '../store/accounts.ts';
import { forgetCounts } from '../store/limits/take.ts';
import { limitKeys } from '../store/limits/window.ts';
import { listSignIns } from '../store/sign-ins.ts';
import { withReader } from './admin-url.ts';

type Given = Readonly<{ email: string; password: string; role: string }>;

const HISTORY_MAX = 10_000;

export function addAccounts(program: Command, environment: Environment): void {
  const withDatabase = withReader(environment);
  const hashed = hashingOf(environment);
  const accounts = program.command('accounts').description('the operators who may log in');

  accounts
    .command('create')
    .requiredOption('--email <address>')
    .requiredOption(
      '--password <password>',
      `${PASSWORD_CHARACTERS_MIN} characters or more; - reads it from standard input`,
    )
    .option('--role <role>', 'the role in the tokens', 'admin')
    .action(({ email: given, password, role }: Given) =>
      withDatabase(async (sql) => {
        const email = addressOf(given);
        const id = randomUUID();
        const made = await createAccount(sql, { id, email, role, password_hash: await hashed(password) }, whoever());
        if (made === 'exists')
          throw new Error('This address has an account: "sealpost accounts reset" gives it a new password.');
        console.log(`Created ${id} with the role ${role}.`);
      }),
    );

  accounts.command('list').action(() =>
    withDatabase(async (sql) => {
      for (const { id, email, role, disabled_at, last_login_at } of await listAccounts(sql)) {
        const status = disabled_at ? `disabled ${disabled_at.toISOString()}` : 'active';
        const login = last_login_at ? `last login ${last_login_at.toISOString()}` : 'no login of late';
        console.log([id, email, role, status, login].join('\t'));
      }
    }),
  );

  accounts
    .command('disable')
    .requiredOption('--email <address>')
    .action(({ email }: Given) =>
      withDatabase(async (sql) => confirm(await disableAccount(sql, addressOf(email), whoever()), 'Disabled.')),
    );

  accounts
    .command('reset')
    .requiredOption('--email <address>')
    .requiredOption('--password <password>', 'the new one; - reads it from standard input')
    .action(({ email, password }: Given) =>
      withDatabase(async (sql) => {
        const done = await resetPassword(sql, addressOf(email), await hashed(password), whoever());
        confirm(done, 'The password was changed.');
      }),
    );

  addUnlock(accounts, environment);
  addHistory(accounts, withDatabase);
}

function addUnlock(accounts: Command, environment: Environment): void {
  accounts
    .command('unlock')
    .description('lift the limits of wrong passwords for an account')
    .requiredOption('--email <address>')
    .action(({ email: given }: Given) => {
      const keys = otpKeysOf(readSettings(keySettings, environment, checkKeys));
      return withReader(environment)(async (sql) => {
        const email = addressOf(given);
        const known = await recordUnlock(sql, email, whoever());
        for (const key of keys) await forgetCounts(sql, limitKeys.login(keyedHash([key], 'login', email)));
        confirm(known, 'Unlocked.');
      });
    });
}

function addHistory(accounts: Command, withDatabase: ReturnType<typeof withReader>): void {
  accounts
    .command('history')
    .description('logins, failures, logouts and changes of the last 90 days, the newest first')
    .option('--email <address>', 'of this account alone')
    .option('--limit <n>', 'how many', rows, 100)
    .action(({ email, limit }: { email?: string; limit: number }) =>
      withDatabase(async (sql) => {
        for (const entry of await listSignIns(sql, email === undefined ? null : addressOf(email), limit)) {
          const from = entry.network === null ? '' : `network ${entry.network}`;
          const who = entry.email ?? 'an address without an account';
          console.log([entry.at.toISOString(), entry.what, who, entry.doneBy ?? from].join('\t').trimEnd());
        }
      }),
    );
}

function rows(given: string): number {
  const limit = /^\d{1,5}$/.test(given) ? Number(given) : 0;
  if (limit < 1 || limit > HISTORY_MAX) throw new InvalidArgumentError(`Must be a number from 1 to ${HISTORY_MAX}.`);
  return limit;
}

/** Who runs this, for the record. */
function whoever(): string {
  try {
    return `sealpost accounts (${userInfo().username})`;
  } catch {
    // Of a user id without a name there is no more to say.
    return `sealpost accounts (uid ${process.getuid?.() ?? 'unknown'})`;
  }
}

function hashingOf(environment: Environment) {
  return async (given: string): Promise<string> => {
    const password = given === '-' ? (await text(process.stdin)).replace(/\r?\n$/, '') : given;
    if (password.length < PASSWORD_CHARACTERS_MIN || password.length > PASSWORD_CHARACTERS_MAX) {
      throw new Error(`A password must have ${PASSWORD_CHARACTERS_MIN} to ${PASSWORD_CHARACTERS_MAX} characters.`);
    }
    return hashPassword(password, readSettings(accountSettings, environment).BCRYPT_ROUNDS);
  };
}

function addressOf(given: string): EmailAddress {
  const parsed = parseEmailAddress(given);
  if (!parsed.ok) throw new Error(`The address ${parsed.reason}.`);
  return parsed.address;
}

function confirm(done: boolean, message: string): void {
  if (!done) throw new Error('There is no account with this address.');
  console.log(message);
}
