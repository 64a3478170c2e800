/** The two commands about the sealed file of the secrets: what they ask, where the file lies, what they say. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { backupSettings } from '../config/backup.ts';
import { sealedSecretsFile } from '../config/off-site.ts';
import { type Environment, readSettings } from '../runtime/settings.ts';
import { writeWhole } from '../runtime/whole-file.ts';
import { readPassphrase } from './passphrase.ts';
import { exportSecrets, importSecrets, type Place } from './sealed-secrets.ts';

type Given = Readonly<{ passphraseFile?: string; out?: string; force?: true }>;
const PASSPHRASE = ['--passphrase-file <file>', 'read the passphrase from there; - is standard input'] as const;

export function addSealedSecrets(secrets: Command, environment: Environment): void {
  secrets
    .command('export')
    .description('write all secrets of the stack and its .env as one file, encrypted with a passphrase')
    .option(
      '--out <file>',
      'where to; - is standard output. Default: secrets.sealpost beside the folder of the backups',
    )
    .option(...PASSPHRASE)
    .action(async ({ passphraseFile, out }: Given, command: Command) => {
      const place = placeOf(command);
      const file = out ?? defaultFile(environment);
      const { text, names } = exportSecrets(place, await readPassphrase(passphraseFile, true));
      if (file === '-') return void process.stdout.write(text);
      // Whoever copies the backups reads it, and it is encrypted.
      writeWhole(file, text, 0o444);
      console.log(`Wrote ${file}: ${names.length} secrets and .env. Without the passphrase nobody can read it again.`);
    });
  secrets
    .command('import <file>')
    .description('put the secrets of such a file back, where there are no others')
    .option('--force', 'also where there are others')
    .option(...PASSPHRASE)
    .action(async (file: string, { passphraseFile, force }: Given, command: Command) => {
      const place = placeOf(command);
      const sealed = readFileSync(file, 'utf8');
      const passphrase = await readPassphrase(passphraseFile, false);
      const names = importSecrets(place, { sealed, passphrase, force: force ?? false });
      console.log(names.length === 0 ? 'All of them are there already.' : `Put back ${names.join(', ')}.`);
    });
}

/** The folders and the .env that the parent's options name. */
function placeOf(command: Command): Place {
  const { folder, from, edge } = command.optsWithGlobals<{ folder?: string; from?: string; edge?: string }>();
  if (folder === undefined || from === undefined)
    throw new Error(
      'Add --folder with the folder of the secrets, and --from with the .env file. In the stack ./sealpost adds both.',
    );
  return { folder, env: from, edge };
}

function defaultFile(environment: Environment): string {
  const { BACKUP_DIR } = readSettings(backupSettings, environment);
  if (BACKUP_DIR === undefined) throw new Error('Add --out with a file, or set BACKUP_DIR.');
  return sealedSecretsFile(BACKUP_DIR);
}
