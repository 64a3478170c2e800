/** `sealpost accounts`: the operators who may log in. A password is read from standard input with `--password -`. */
import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import { accountSettings } from '../config/accounts.ts';
import { type EmailAddress, parseEmailAddress } from '../core/email-address.ts';
import { hashPassword, PASSWORD_CHARACTERS_MAX, PASSWORD_CHARACTERS_MIN } from '../runtime/password.ts';
import { type Environment, readSettings } from '../runtime/settings.ts';
import { createAccount, disableAccount, listAccounts, resetPassword } from '../store/accounts.ts';
import { withReader } from './admin-url.ts';

type Given = Readonly<{ email: string; password: string; role: string }>;

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
        const made = await createAccount(sql, { id, email, role, password_hash: await hashed(password) });
        if (made === 'exists')
          throw new Error('This address has an account: "sealpost accounts reset" gives it a new password.');
        console.log(`Created ${id} with the role ${role}.`);
      }),
    );

  accounts.command('list').action(() =>
    withDatabase(async (sql) => {
      for (const { id, email, role, disabled_at } of await listAccounts(sql)) {
        console.log([id, email, role, disabled_at ? `disabled ${disabled_at.toISOString()}` : 'active'].join('\t'));
      }
    }),
  );

  accounts
    .command('disable')
    .requiredOption('--email <address>')
    .action(({ email }: Given) =>
      withDatabase(async (sql) => confirm(await disableAccount(sql, addressOf(email)), 'Disabled.')),
    );

  accounts
    .command('reset')
    .requiredOption('--email <address>')
    .requiredOption('--password <password>', 'the new one; - reads it from standard input')
    .action(({ email, password }: Given) =>
      withDatabase(async (sql) =>
        confirm(await resetPassword(sql, addressOf(email), await hashed(password)), 'The password was changed.'),
      ),
    );
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
