/** `sealpost migrate`: brings the database to this program's schema. */
import type { Command } from 'commander';
import type { Environment } from '../runtime/settings.ts';
import { migrate } from '../store/migrate.ts';
import { adminUrl } from './admin-url.ts';

export function addMigrate(program: Command, environment: Environment): void {
  program
    .command('migrate')
    .description("bring the database to this program's schema; safe to run twice")
    .action(async () => {
      const applied = await migrate(adminUrl(environment), console.log);
      console.log(applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.length} migrations.`);
    });
}
