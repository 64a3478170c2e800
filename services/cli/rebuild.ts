/** `sealpost rebuild`: derives the read tables and snapshots from the log again; with --check it only compares. */
import type { Command } from 'commander';
import type { Environment } from '../runtime/settings.ts';
import { rebuild } from '../store/rebuild.ts';
import { adminUrl } from './admin-url.ts';
import { showCount } from './progress.ts';

export function addRebuild(program: Command, environment: Environment): void {
  program
    .command('rebuild')
    .description('derive the read tables from the log again, beside the running programs')
    .option('--check', 'compare only, write nothing, exit 1 on a difference')
    .action(async ({ check = false }: { check?: boolean }) => {
      const progress = showCount('addresses replayed');
      const found = await rebuild(adminUrl(environment), { check, onProgress: progress.at });
      progress.end();
      const rows = Object.values(found).reduce((sum, count) => sum + count, 0);
      for (const [table, count] of Object.entries(found)) console.log(`${table}: ${count} rows differ`);
      console.log(
        rows === 0 ? 'The tables match the log.' : check ? 'Nothing was written.' : 'The tables were rebuilt.',
      );
      if (check && rows > 0) process.exitCode = 1;
    });
}
