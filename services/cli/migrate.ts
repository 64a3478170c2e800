/** `sealpost migrate`: brings the database to this program's schema. */
import type { Command } from 'commander';
import { databaseSettings } from '../config/database.ts';
import { walOptions, walSettings } from '../config/wal.ts';
import { type Environment, readSettings } from '../runtime/settings.ts';
import { ensureLogin } from '../store/login-role.ts';
import { migrate, unappliedMigrations } from '../store/migrate.ts';
import { adminUrl, readerOptions } from './admin-url.ts';
import { parsePostgresUrl } from '../store/postgres-url.ts';

export function addMigrate(program: Command, environment: Environment): void {
  program
    .command('migrate')
    .description("bring the database to this program's schema; safe to run twice")
    .option('--check', 'only print what would be applied')
    .option('--login', 'also create the role that the running programs log in with, unless it is the owner itself')
    .action(({ check, login }: { check?: true; login?: true }) =>
      check ? tell(environment) : apply(environment, login),
    );
}

async function apply(environment: Environment, login = false): Promise<void> {
  const admin = adminUrl(environment);
  const applied = await migrate(admin, console.log);
  const running = parsePostgresUrl(readerOptions(environment).url);
  if (login && running.user !== parsePostgresUrl(admin).user) {
    await ensureLogin(admin, { name: running.user, password: running.password });
  }
  const wal = walOptions(readSettings({ ...databaseSettings, ...walSettings }, environment));
  if (login && wal) {
    const { user: name, password } = parsePostgresUrl(wal.login.url);
    await ensureLogin(admin, { name, password }, 'replicate');
  }
  console.log(applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.length} migrations.`);
}

async function tell(environment: Environment): Promise<void> {
  const pending = await unappliedMigrations(adminUrl(environment));
  for (const { name, breaking } of pending) {
    console.log(`${name}${breaking ? ': the previous version cannot run after it' : ''}`);
  }
  if (pending.length === 0) console.log('The database is up to date.');
}
