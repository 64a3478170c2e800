/** `sealpost erasures`: after a restore, erases again whom the ledger outside the database says was erased; and prints its keys. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { erasureSettings } from '../config/erasure.ts';
import { STATEMENT_TIMEOUT_MILLISECONDS } from '../config/database.ts';
import { checkKeys, inLedgerForm, keySettings, ledgerKeysOf, otpKeysOf } from '../config/keys.ts';
import { policyOf, ruleSettings } from '../config/rules.ts';
import { createCodeBook } from '../mail/otp-code.ts';
import { closedHashes } from '../runtime/keys.ts';
import { type Environment, readSettings } from '../runtime/settings.ts';
import { addressesAfter, eraseAddress, type Store } from '../store/erasure.ts';
import { createHandler } from '../store/handle.ts';
import { withReader } from './admin-url.ts';
import { type Ledger, openLedger } from './ledger.ts';
import { showCount } from './progress.ts';

const PAGE = 2000;
const BY = 'erasure ledger';

export function addErasures(program: Command, environment: Environment): void {
  const erasures = program.command('erasures').description('erasures of people (GDPR, article 17)');
  erasures
    .command('keys')
    .description('print the keys that the ledger is written and read with now, in the form of ERASURE_KEYS')
    .option(
      '--with <file>',
      'and behind them those of a JWT_SECRET of before, which is in the file; - is standard input',
    )
    .action(({ with: file }: { with?: string }) => {
      const now = ledgerKeysOf(readSettings(keySettings, environment, checkKeys));
      const before = file === undefined ? [] : keysOfSecret(readFileSync(file === '-' ? 0 : file, 'utf8').trim());
      console.log(inLedgerForm([...now, ...before.filter(({ id }) => !now.some((key) => key.id === id))]));
    });
  erasures
    .command('replay')
    .description('after a restore, erase everyone listed in ERASURE_LEDGER again')
    .action(async () => {
      const settings = readSettings({ ...erasureSettings, ...keySettings, ...ruleSettings }, environment, checkKeys);
      const { ERASURE_LEDGER: file } = settings;
      if (!file) throw new Error('Set ERASURE_LEDGER to the file that lists the erasures.');
      const keys = otpKeysOf(settings);
      const ledger = await openLedger(file, ledgerKeysOf(settings));
      await withReader(environment)(async (sql) => {
        const handler = createHandler({
          sql,
          policy: policyOf(settings),
          codeBook: (epoch) => createCodeBook(keys, epoch),
          closedHashes: (address) => closedHashes(ledgerKeysOf(settings), address),
          timeoutMilliseconds: STATEMENT_TIMEOUT_MILLISECONDS,
          lanes: 1,
        });
        const done = await replayErasures({ sql, handler }, ledger);
        console.log(`${ledger.entries} erasures in the ledger, ${done} addresses erased again.`);
      });
    });
}

const keysOfSecret = (secret: string) =>
  otpKeysOf({ OTP_KEYS: undefined, JWT_SECRET: secret, JWT_SECRET_PREVIOUS: undefined });

/** Looks at every address, since the ledger names none; returns how many were erased again. */
export async function replayErasures(store: Store, ledger: Ledger): Promise<number> {
  let done = 0;
  let looked = 0;
  const progress = showCount('addresses compared');
  for (let last = ''; ;) {
    const page = await addressesAfter(store.sql, last, PAGE);
    for (const address of page) {
      if (!ledger.has(address)) continue;
      await eraseAddress(store, address, BY);
      done++;
    }
    looked += page.length;
    progress.at(looked);
    if (page.length < PAGE) {
      progress.end();
      return done;
    }
    last = page.at(-1) ?? last;
  }
}
