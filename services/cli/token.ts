/** `sealpost token`: prints a token that the api accepts, and nothing else. */
import { type Command, InvalidArgumentError } from 'commander';
import { subjectOf } from '../runtime/subject.ts';
import { signingOf } from '../config/identity.ts';
import { checkKeys, keySettings } from '../config/keys.ts';
import { type Environment, readSettings } from '../runtime/settings.ts';
import { issueToken } from '../runtime/token.ts';

export function addToken(program: Command, environment: Environment): void {
  program
    .command('token')
    .description('print a token for a user')
    .requiredOption('--user <id>', "the caller's id, as your tokens have it: a UUID or any other text", subject)
    .option('--role <role>', 'a role, such as admin')
    .action(async ({ user, role }: { user: string; role?: string }) => {
      const settings = readSettings(keySettings, environment, checkKeys);
      const signing = signingOf(settings);
      if (!signing) throw new Error('Set JWT_SECRET to sign a token; without it, your issuer signs them.');
      console.log(await issueToken({ ...signing, userId: user, role, expiresIn: settings.JWT_EXPIRES_IN }));
    });
}

function subject(text: string): string {
  const read = subjectOf(text);
  if ('fault' in read) throw new InvalidArgumentError(`It ${read.fault}.`);
  if (text === '') throw new InvalidArgumentError('It must not be empty.');
  return text;
}
