/** The operator's commands: `sealpost <command>`. Exit code 0 for done, 1 for failed or different, 78 for bad settings. */
import { Command } from 'commander';
import { withLocalEnvironment } from '../runtime/local-environment.ts';
import { runMain } from '../runtime/main.ts';
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

const commands = [
  addStatus,
  addDoctor,
  addDns,
  addSesSetup,
  addSending,
  addAlerts,
  addToken,
  addMigrate,
  addRebuild,
  addEvents,
  addAccounts,
  addErasures,
  addImport,
  addJobs,
  addBackup,
  addRestore,
  addDb,
  addReport,
  addLogs,
  addMailPreview,
  addSettings,
  addSmoke,
  addSecrets,
  addSwarm,
];

await runMain(async () => {
  const environment = withLocalEnvironment(process.env);
  const program = new Command('sealpost').description('Runs and looks after a Sealpost installation.');
  for (const add of commands) add(program, environment);
  await program.parseAsync();
  // What the system still waits for, such as a name that nobody resolves, does not hold up a command that is done.
  setTimeout(() => process.exit(), 1000).unref();
});
