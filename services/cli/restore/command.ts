/** `sealpost restore`: a backup in the place of the database, which stays under another name. Says first what would be lost, and asks. */
import { type Command, InvalidArgumentError } from 'commander';
import { toolPlace } from '../../backup/tool.ts';
import { backupOptions, backupSettings } from '../../config/backup.ts';
import { erasureSettings } from '../../config/erasure.ts';
import { checkKeys, keyIdsOf, keySettings, ledgerKeysOf, otpKeysOf } from '../../config/keys.ts';
import { policyOf, ruleSettings } from '../../config/rules.ts';
import { walSettings } from '../../config/wal.ts';
import { type Environment, readSettings } from '../../runtime/settings.ts';
import { openDatabases } from '../../store/databases.ts';
import { readMigrations } from '../../store/migrate.ts';
import { adminLogin, databaseOf, inDatabase, urlOf } from '../admin-url.ts';
import { confirm } from '../confirm.ts';
import { openLedger } from '../ledger.ts';
import { readLive } from './live.ts';
import { refusalsOf, RestoreRefused } from './refusals.ts';
import { createRepeat } from './repeat.ts';
import { type Restored, restore } from './restore.ts';
import { findSource } from './find-source.ts';
import type { Source } from './source.ts';
import { inWords, planOf } from './words.ts';

type Given = Readonly<{
  at?: Date;
  yes?: true;
  allowOlderSchema?: true;
  allowOtherKeys?: true;
  allowLostErasures?: true;
}>;

const settings = { ...backupSettings, ...walSettings, ...erasureSettings, ...keySettings, ...ruleSettings };

export function addRestore(program: Command, environment: Environment): void {
  program
    .command('restore <what>')
    .description(
      'put a backup in the place of the database, which is kept: "latest", a file, or a database that a restore has kept',
    )
    .option('--at <time>', 'as it was then, to the second: 2026-03-01T09:45:00Z', momentOf)
    .option('--yes', 'do not ask')
    .option('--allow-older-schema', 'migrate a backup of an earlier version')
    .option('--allow-other-keys', "restore a backup that was made with keys that this installation doesn't have")
    .option('--allow-lost-erasures', 'restore although erased people come back whose keys of the ledger are lost')
    .action((what: string, given: Given) => run(environment, what, given));
}

async function run(environment: Environment, what: string, given: Given): Promise<void> {
  const found = readSettings(settings, environment, checkKeys);
  const keys = otpKeysOf(found);
  const { ERASURE_LEDGER: file } = found;
  const how = { lost: given.allowLostErasures ?? false };
  const ledger = file === undefined ? undefined : await openLedger(file, ledgerKeysOf(found), how);
  const login = adminLogin(environment);
  const name = databaseOf(login);
  const databases = openDatabases(urlOf(login));
  const closing = [databases.close];
  const interruption = new AbortController();
  const interrupted = interruption.signal;
  const interrupt = (): void => interruption.abort();
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  try {
    await databases.lock(name);
    const source = await findSource(what, given.at, {
      login,
      databases,
      place: toolPlace(environment),
      folder: backupOptions(found)?.folder,
      walFolder: found.WAL_DIR,
      signal: interrupted,
    });
    closing.unshift(source.close);
    await assertRestorable(source, given, keyIdsOf(found), interrupted);
    const live = (await databases.exists(name))
      ? await readLive(inDatabase(login, name), source.facts.position)
      : undefined;
    for (const line of planOf({ source, name, live, ledger })) console.log(line);
    await confirm('Nothing has been changed yet.', name, given.yes ?? false);
    const restored = await restore(source, {
      login,
      databases,
      name,
      readable: live !== undefined && !('unreadable' in live),
      repeat: createRepeat({ codes: keys, addresses: ledgerKeysOf(found) }, policyOf(found), ledger),
      signal: interrupted,
      say: console.log,
      now: new Date(),
    });
    tell(name, restored);
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    for (const close of closing) await close();
  }
}

async function assertRestorable(
  source: Source,
  given: Given,
  keys: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const allowed = { olderSchema: given.allowOlderSchema ?? false, otherKeys: given.allowOtherKeys ?? false };
  const refusals = refusalsOf(source, await readMigrations(), keys, allowed);
  const problems = [...refusals, ...(await source.check(signal))];
  if (problems.length > 0) throw new RestoreRefused(`${problems.join('\n')}\nNothing was changed.`);
}

function tell(name: string, { kept, lost }: Restored): void {
  if (kept === undefined) return console.log(`Restored ${name}.`);
  const events = lost === undefined ? 'what was recorded since' : inWords(lost);
  console.log(`Restored ${name}. The old database is ${kept}; it alone has ${events}.`);
  console.log(`To go back: sealpost restore ${kept}. To give its space back: sealpost backup drop ${kept}.`);
}

/** ISO 8601 with its zone, and not in the future. */
function momentOf(text: string): Date {
  const at = new Date(text);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/.test(text) || Number.isNaN(at.getTime())) {
    throw new InvalidArgumentError('It must be a time with its zone, such as 2026-03-01T09:45:00Z.');
  }
  if (at.getTime() > Date.now()) throw new InvalidArgumentError('It must not be in the future.');
  return at;
}
