/** `sealpost secrets`: the secrets of a stack of containers as files, a folder for each that may read them; made once. */
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { alertOptions, alertTable } from '../config/alerts.ts';
import { parseEnvFile } from '../runtime/env-file.ts';
import { type Environment, InvalidSettings, readSettings } from '../runtime/settings.ts';
import { writeWhole } from '../runtime/whole-file.ts';
import { alertmanagerFiles, CONFIG_FILE } from './alerts/alertmanager.ts';
import { makeAnother, makeNext, rotatedNames, secretOrNew, secretThere, textOf } from './made-secrets.ts';
import { secretSettings } from './secret-names.ts';
import { addSealedSecrets } from './secrets-sealed-commands.ts';
import { loneKey, stackProblems } from './stack-settings.ts';

type Folders = Readonly<Record<string, Readonly<Record<string, string>>>>;

type Asked = Readonly<{ folder?: string; from?: string; check?: true; next?: string; rotate?: string }>;

/** Each in a folder of its own. */
const OWN: ReadonlySet<string> = new Set(['DATABASE_ADMIN_URL', 'BACKUP_DB_PASSWORD']);

const isOffSite = (name: string): boolean => name.startsWith('BACKUP_REPOSITORY_');
const isMail = (name: string): boolean => name.startsWith('AWS_') || name === 'SMTP_PASSWORD';
const isAlert = (name: string): boolean => name.startsWith('ALERT_');
/** Of Alertmanager's folder; what else is no setting's follows from one. */
const isTold = (name: string): boolean => /^[A-Z]/.test(name) || name === CONFIG_FILE;

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
    .option('--next <name>', 'make a next one, which is accepted and not used yet: JWT_SECRET')
    .option('--rotate <name>', `make another one in its place: ${rotatedNames.join(', ')}`)
    .option('--edge <folder>', "Caddy's data folder, whose certificates travel with the secrets")
    .option('--check', 'only say which of them are others than before')
    .action(({ folder, from, check, next, rotate }: Asked) => {
      if (folder === undefined) throw new Error('Add --folder with the folder that they are kept in.');
      const given = from ? readEnvFile(from) : environment;
      const ERASURE_KEYS = secretThere(folder, 'ERASURE_KEYS', given);
      const problems = from
        ? stackProblems({ ...given, ...(ERASURE_KEYS && { ERASURE_KEYS }) }, namesBeside(from))
        : [];
      if (problems.length > 0) throw new InvalidSettings(problems);
      if (check) {
        const changed = changedSecrets(folder, given);
        return console.log(changed.length === 0 ? 'No secret has changed.' : `Changed: ${changed.join(', ')}.`);
      }
      if (next !== undefined) makeNext(folder, next, given);
      if (rotate !== undefined) makeAnother(folder, rotate, given);
      const names = writeSecrets(folder, given);
      console.log(names.length === 0 ? 'The secrets are there.' : `Made ${names.join(', ')}.`);
    });
  addSealedSecrets(secrets, environment);
}

/** Names that the compose files beside it read, also the operator's own. */
function namesBeside(file: string): readonly string[] {
  const folder = dirname(file);
  const files = readdirSync(folder).filter((name) => /^(?:docker-)?compose[\w.-]*\.ya?ml$/.test(name));
  const texts = files.map((name) => readFileSync(join(folder, name), 'utf8'));
  return texts.flatMap((text) => [...text.matchAll(/\$\{(\w+)/g)].map(([, name = '']) => name));
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
  const lone = loneKey(environment);
  if (lone !== undefined) throw new Error(lone);
  const fresh: string[] = [];
  const valueOf = (name: string): string => secretOrNew(folder, name, environment, fresh);
  for (const [reader, values] of Object.entries(secretsFor(environment, valueOf))) {
    // The containers' users differ, so a file is readable by whom its folder is mounted for.
    for (const [name, value] of Object.entries(values)) {
      const file = join(folder, reader, name);
      // Its time says when it changed last.
      if (textOf(file) !== value) writeWhole(file, value, 0o444);
    }
  }
  return fresh;
}

/** The names of those whose file would be another one; writes and makes nothing. */
function changedSecrets(folder: string, environment: Environment): readonly string[] {
  const valueOf = (name: string): string => secretThere(folder, name, environment) ?? '';
  const changed = Object.entries(secretsFor(environment, valueOf)).flatMap(([reader, values]) =>
    Object.keys(values).filter((name) => isTold(name) && (textOf(join(folder, reader, name)) ?? '') !== values[name]),
  );
  return [...new Set(changed)];
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
    app: named((name) => !isMail(name) && !isOffSite(name) && !isAlert(name) && !OWN.has(name)),
    mail: named(isMail),
    database: { DATABASE_ADMIN_URL: valueOf('DATABASE_ADMIN_URL') || own },
    postgres: { POSTGRES_PASSWORD },
    backup: { BACKUP_DB_PASSWORD: valueOf('BACKUP_DB_PASSWORD') },
    'off-site': named(isOffSite),
    alertmanager: alertmanagerFor(environment, valueOf),
    grafana: { GRAFANA_PASSWORD: valueOf('GRAFANA_PASSWORD') },
  };
}

/** What Alertmanager reads: the settings of .env, whose secrets are files of their own there. */
function alertmanagerFor(environment: Environment, valueOf: (name: string) => string): Folders[string] {
  // A file that .env names is none of the stack's.
  const given = Object.fromEntries(Object.keys(alertTable).map((name) => [name, environment[name]]));
  const keys = Object.fromEntries(['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'].map((name) => [name, valueOf(name)]));
  return alertmanagerFiles(alertOptions(readSettings(alertTable, { ...given, ...keys })), environment.API_DOMAIN);
}
