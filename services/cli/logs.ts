/** `sealpost logs`: where the logs are. In the Docker stack `./sealpost logs` shows them, and never comes here. */
import type { Command } from 'commander';
import { logSettings } from '../config/log.ts';
import { dataFolder } from '../runtime/local-environment.ts';
import { type Environment, readSettings } from '../runtime/settings.ts';
import { readable } from './own-url.ts';

export function addLogs(program: Command, environment: Environment): void {
  program
    .command('logs')
    .argument('[words...]')
    .allowUnknownOption()
    .description(
      'where the logs are; in the Docker stack "./sealpost logs [service] [--since 1h] [--errors]" shows them',
    )
    .action(() => {
      const { LOG_FILE } = logSettings;
      const file = readable(() => readSettings({ LOG_FILE }, environment).LOG_FILE);
      const printed = 'The programs print their log where they were started';
      const kept = file ? `, and keep it in ${file}` : ' (LOG_FILE keeps it in a file as well)';
      console.log(`${printed}${kept}; PostgreSQL of "npm start" writes to ${dataFolder(environment)}/postgres.log.`);
    });
}
