/** `sealpost settings`: every setting with its default, as a table or as an environment file. */
import type { Command } from 'commander';
import { settingsAsEnvironmentFile, settingsAsMarkdown } from '../config/all.ts';

export function addSettings(program: Command): void {
  program
    .command('settings')
    .description('print every setting with its default and its description')
    .option('--env', 'as an environment file')
    .action(({ env }: { env?: boolean }) => {
      console.log(env ? settingsAsEnvironmentFile().trimEnd() : settingsAsMarkdown());
    });
}
