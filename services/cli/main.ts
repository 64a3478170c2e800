/** The operator's commands: `sealpost <command>`. Exit code 0 for done, 1 for failed or different, 78 for bad settings. */
import { Command } from 'commander';
import { withLocalEnvironment } from '../runtime/local-environment.ts';
import { runMain } from '../runtime/main.ts';
import { addAccounts } from './accounts.ts';
import { addEvents } from './events.ts';
import { addMailPreview } from './mail-preview.ts';
import { addMigrate } from './migrate.ts';
import { addRebuild } from './rebuild.ts';
import { addSettings } from './settings.ts';
import { addToken } from './token.ts';

await runMain(async () => {
  const environment = withLocalEnvironment(process.env);
  const program = new Command('sealpost').description('Runs and looks after a Sealpost installation.');
  for (const add of [addToken, addMigrate, addRebuild, addEvents, addAccounts, addMailPreview, addSettings])
    add(program, environment);
  await program.parseAsync();
});
