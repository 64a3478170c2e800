/** `sealpost secrets`: the secrets of a stack of containers as files, a folder for each that may read them; made once. */
import { randomBytes } from 'node:crypto';
import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { parseEnvFile } from '../runtime/env-file.ts';
import { type Environment, InvalidSettings } from '../runtime/settings.ts';
import { writeWhole } from '../runtime/whole-file.ts';
import { secretSettings } from './secret-names.ts';
import { addSealedSecrets } from './secrets-sealed-commands.ts';
import { stackProblems } from './stack-settings.ts';

type Made = Readonly<Record<string, () => string>>;
type Folders = Readonly<Record<string, Readonly<Record<string, string>>>>;

const random = (bytes: number): string => randomBytes(bytes).toString('base64url');

/** What is made where .env has none; every other secret is .env's, or empty. */
const made: Made = {
  JWT_SECRET: () => random(48),
  DB_PASSWORD: () => random(24),
  POSTGRES_PASSWORD: () => random(24),
  GRAFANA_PASSWORD: () => random(18),
  BACKUP_DB_PASSWORD: () => random(24),
};

/** Those that nothing but the stack's own database has to know. */
const rotated: readonly string[] = ['DB_PASSWORD', 'BACKUP_DB_PASSWORD', 'POSTGRES_PASSWORD'];

type Asked = Readonly<{ folder?: string; from?: string; check?: true; rotate?: string }>;

/** While there are no AWS keys, what the programs sign with and the mailbox checks. */
const mailboxKeys: Made = {
  AWS_ACCESS_KEY_ID: () => `LOCAL${randomBytes(8).toString('hex').toUpperCase()}`,
  AWS_SECRET_ACCESS_KEY: () => random(24),
};

/** Each in a folder of its own. */
const OWN: ReadonlySet<string> = new Set(['DATABASE_ADMIN_URL', 'BACKUP_DB_PASSWORD']);

const isOffSite = (name: string): boolean => name.startsWith('BACKUP_REPOSITORY_');
const isMail = (name: string): boolean => name in mailboxKeys || name === 'SMTP_PASSWORD';

export function addSecrets(program: Command, environment: Environment): void {
  const secrets = program
    .command('secrets')
    .description(
      'create the secrets of the stack as files; existing ones are kept, and the environment takes precedence',
    )
    .option('--folder <folder>', 'where they are kept')
    .option(
      '--from <file>',
      'read an .env file in place of the environment; wrong settings are refused; it may be missing',
    )
    .option('--rotate <name>', `make another one in its place: ${rotated.join(', ')}`)
    .option('--check', 'only say which of them are others than before')
    .action(({ folder, from, check, rotate }: Asked) => {
      if (folder === undefined) throw new Error('Add --folder with the folder that they are kept in.');
      const given = from ? readEnvFile(from) : environment;
      refuseLoneKey(given);
      const problems = from ? stackProblems(given) : [];
      if (problems.length > 0) throw new InvalidSettings(problems);
      if (check) {
        const changed = changedSecrets(folder, given);
        return console.log(changed.length === 0 ? 'No secret has changed.' : `Changed: ${changed.join(', ')}.`);
      }
      if (rotate !== undefined) makeAnother(folder, rotate, given);
      const names = writeSecrets(folder, given);
      console.log(names.length === 0 ? 'The secrets are there.' : `Made ${names.join(', ')}.`);
    });
  addSealedSecrets(secrets, environment);
}

/** What the file sets, or nothing where there is none. Throws where the file cannot be read. */
function readEnvFile(file: string): Environment {
  try {
    return parseEnvFile(readFileSync(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    if (!lstatSync(file, { throwIfNoEntry: false })) return {};
    throw new Error('.env is a link to a file that is not in this folder: put the file itself here.', { cause: error });
  }
}

/** Writes every secret to `folder`/who-may-read/NAME, and returns the names of those it made for the first time. */
export function writeSecrets(folder: string, environment: Environment): readonly string[] {
  const fromEnvironment = (name: string): string => environment[name] ?? '';
  refuseLoneKey(environment);
  const fresh: string[] = [];
  const valueOf = (name: string): string => fromEnvironment(name) || kept(folder, name, fresh);
  for (const [reader, values] of Object.entries(secretsFor(environment, valueOf))) {
    // The containers' users differ, so a file is readable by whom its folder is mounted for.
    for (const [name, value] of Object.entries(values)) writeWhole(join(folder, reader, name), value, 0o444);
  }
  return fresh;
}

function refuseLoneKey(environment: Environment): void {
  if (Boolean(environment.AWS_ACCESS_KEY_ID) === Boolean(environment.AWS_SECRET_ACCESS_KEY)) return;
  throw new Error('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY: set both, or neither for the mailbox.');
}

/** The names of those whose file would be another one; writes and makes nothing. */
function changedSecrets(folder: string, environment: Environment): readonly string[] {
  const valueOf = (name: string): string => environment[name] || (textOf(join(folder, 'made', name)) ?? '');
  const changed = Object.entries(secretsFor(environment, valueOf)).flatMap(([reader, values]) =>
    Object.keys(values).filter((name) => (textOf(join(folder, reader, name)) ?? '') !== values[name]),
  );
  return [...new Set(changed)];
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return undefined;
  }
}

/** Throws where it is not the stack that made it. */
function makeAnother(folder: string, name: string, environment: Environment): void {
  const make = made[name];
  if (!make || !rotated.includes(name)) throw new Error(`It must be one of ${rotated.join(', ')}.`);
  const set = [name, 'DATABASE_URL'].find((one) => environment[one]);
  if (set) throw new Error(`.env sets ${set}: change the password there, then run "./sealpost apply".`);
  writeWhole(join(folder, 'made', name), make(), 0o400);
}

/** Names and values, by who may read them. The names of `app` and `mail` are all secret settings that there are. */
function secretsFor(environment: Environment, valueOf: (name: string) => string): Folders {
  const named = (wanted: (name: string) => boolean): Record<string, string> =>
    Object.fromEntries(
      secretSettings()
        .filter(wanted)
        .map((name) => [name, valueOf(name)]),
    );
  const database = encodeURIComponent(environment.DB_NAME || 'request_marketplace_prod');
  const POSTGRES_PASSWORD = valueOf('POSTGRES_PASSWORD');
  const own = environment.DATABASE_URL || `postgres://postgres:${POSTGRES_PASSWORD}@postgres:5432/${database}`;
  return {
    app: named((name) => !isMail(name) && !isOffSite(name) && !OWN.has(name)),
    mail: named(isMail),
    database: { DATABASE_ADMIN_URL: valueOf('DATABASE_ADMIN_URL') || own },
    postgres: { POSTGRES_PASSWORD },
    backup: { BACKUP_DB_PASSWORD: valueOf('BACKUP_DB_PASSWORD') },
    'off-site': named(isOffSite),
    grafana: { GRAFANA_PASSWORD: valueOf('GRAFANA_PASSWORD') },
  };
}

/** The value made before, else a new one, else none. It outlives a time in which .env named another. */
function kept(folder: string, name: string, fresh: string[]): string {
  const make = made[name] ?? mailboxKeys[name];
  if (!make) return '';
  const file = join(folder, 'made', name);
  const there = textOf(file);
  if (there !== undefined) return there;
  const value = make();
  writeWhole(file, value, 0o400);
  fresh.push(name);
  return value;
}
