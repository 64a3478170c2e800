/** The operator's commands: `sealpost <command>`. Exit code 0 for done, 1 for failed or different, 78 for bad settings. */
import { Command } from 'commander';
import { build } from '../runtime/build.ts';
import { withLocalEnvironment } from '../runtime/local-environment.ts';
import { runMain } from '../runtime/main.ts';
import type { Environment } from '../runtime/settings.ts';
import { addAccounts } from './accounts.ts';
import { addAlerts } from './alerts/command.ts';
import { addBackup } from './backup.ts';
import { addErasures } from './erasures.ts';
import { addDb } from './db.ts';
import { addDns } from './dns.ts';
import { addDoctor } from './doctor.ts';
import { addEvents } from './events.ts';
import { addImport } from './import/command.ts';
import { addJobs } from './jobs.ts';
import { addLogs } from './logs.ts';
import { addMailPreview } from './mail-preview.ts';
import { addMigrate } from './migrate.ts';
import { addRebuild } from './rebuild.ts';
import { addReport } from './report.ts';
import { addRestore } from './restore/command.ts';
import { addSecrets } from './secrets.ts';
import { addSending } from './sending.ts';
import { addSesSetup } from './ses-setup.ts';
import { addSettings } from './settings.ts';
import { addSmoke } from './smoke.ts';
import { addStatus } from './status.ts';
import { addSwarm } from './swarm.ts';
import { addToken } from './token.ts';

type Add = (program: Command, environment: Environment) => void;

/** In the order in which an installation needs them. */
const groups: Readonly<Record<string, readonly Add[]>> = {
  'Look after it:': [addStatus, addDoctor, addSmoke, addEvents, addJobs, addLogs, addReport],
  'Set it up:': [addSettings, addSesSetup, addDns, addMailPreview, addMigrate, addImport, addAlerts],
  'People and tokens:': [addToken, addAccounts, addErasures, addSending],
  'Keep and restore it:': [addBackup, addRestore, addRebuild, addDb, addSecrets, addSwarm],
};

const EXAMPLES = `
Examples:
  sealpost status                       whether it is well, on one screen
  sealpost doctor                       what is wrong, and what to do about it
  sealpost events --email a@example.com what happened to an address
  sealpost token --user 42              a token to try the API with
  sealpost help COMMAND                 all that a command can do
`;

function versionLine(): string {
  const { version, commit } = build();
  return commit === '' ? version : `${version} (${commit.slice(0, 12)})`;
}

await runMain(async () => {
  const environment = withLocalEnvironment(process.env);
  const program = new Command('sealpost')
    .description('Runs and looks after a Sealpost installation.')
    .version(versionLine(), '-V, --version', 'print the version, and the commit where it is known')
    .addHelpText('after', EXAMPLES);
  for (const [heading, commands] of Object.entries(groups)) {
    program.commandsGroup(heading);
    for (const add of commands) add(program, environment);
  }
  await program.parseAsync();
  // What the system still waits for, such as a name that nobody resolves, does not hold up a command that is done.
  setTimeout(() => process.exit(), 1000).unref();
});
