/** `sealpost token`: prints a token that the api accepts, and nothing else. */
import { type Command, InvalidArgumentError } from 'commander';
import { UUID } from '../core/uuid.ts';
import { checkKeys, keySettings } from '../config/keys.ts';
import { type Environment, readSettings } from '../runtime/settings.ts';
import { issueToken } from '../runtime/token.ts';

export function addToken(program: Command, environment: Environment): void {
  program
    .command('token')
    .description('print a token for a user')
    .requiredOption('--user <uuid>', "the caller's id", uuid)
    .option('--role <role>', 'a role, such as admin')
    .action(async ({ user, role }: { user: string; role?: string }) => {
      const settings = readSettings(keySettings, environment, checkKeys);
      const { JWT_SECRET: secret, JWT_EXPIRES_IN: expiresIn, JWT_ISSUER: issuer, JWT_AUDIENCE: audience } = settings;
      if (!secret) throw new Error('Set JWT_SECRET to sign a token; with JWT_JWKS_URL, your issuer signs them.');
      console.log(await issueToken({ secret, userId: user, role, expiresIn, issuer, audience }));
    });
}

function uuid(text: string): string {
  if (!UUID.test(text)) throw new InvalidArgumentError('Must be a UUID.');
  return text;
}
