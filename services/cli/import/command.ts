/** `sealpost import --from postgres://…`: coming from the deployment guide's system. */
import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { STATEMENT_TIMEOUT_MILLISECONDS } from '../../config/database.ts';
import { erasureSettings } from '../../config/erasure.ts';
import { checkKeys, keySettings, ledgerKeysOf, otpKeysOf } from '../../config/keys.ts';
import { policyOf, ruleSettings } from '../../config/rules.ts';
import { createCodeBook } from '../../mail/otp-code.ts';
import { closedHashes } from '../../runtime/keys.ts';
import { type Environment, readSettings } from '../../runtime/settings.ts';
import { connect } from '../../store/database.ts';
import { createHandler } from '../../store/handle.ts';
import { openImportSource } from '../../store/import-source.ts';
import { readerOptions } from '../admin-url.ts';
import { openLedger } from '../ledger.ts';
import { importAll } from './import.ts';
import type { IsErased } from './parse-row.ts';

const LANES = 3;

type Given = Readonly<{ from: string; timeZone?: string; report?: string }>;

export function addImport(program: Command, environment: Environment): void {
  program
    .command('import')
    .description("import the two tables of the deployment guide's system; safe to run again")
    .requiredOption('--from <url>', 'the database of that system: postgres://user:password@host:5432/database')
    .option('--time-zone <name>', "time zone of its TIMESTAMP columns (default: that server's setting)")
    .option('--report <file>', 'a JSON line for every row that was left out')
    .action(async ({ from, timeZone, report: file }: Given) => {
      const settings = readSettings({ ...keySettings, ...ruleSettings, ...erasureSettings }, environment, checkKeys);
      const otpKeys = otpKeysOf(settings);
      const ledger = settings.ERASURE_LEDGER
        ? await openLedger(settings.ERASURE_LEDGER, ledgerKeysOf(settings))
        : undefined;
      const isErased: IsErased = (address) => ledger?.has(address) ?? false;
      const source = await openImportSource(from, timeZone);
      const sql = connect({ ...readerOptions(environment), poolMax: LANES + 2 });
      try {
        console.log(
          `${source.addresses} addresses and ${source.codes} codes; times without a zone are ${source.timeZone}.`,
        );
        const handler = createHandler({
          sql,
          policy: policyOf(settings),
          codeBook: (epoch) => createCodeBook(otpKeys, epoch),
          closedHashes: (address) => closedHashes(ledgerKeysOf(settings), address),
          // A page waits for its turn behind another.
          timeoutMilliseconds: 12 * STATEMENT_TIMEOUT_MILLISECONDS,
          lanes: LANES,
        });
        const reports = await importAll({ source, sql, handler, isErased });
        for (const report of reports) console.log(report.toText());
        if (file)
          await writeFile(
            file,
            reports
              .flatMap((one) => one.skippedRows())
              .map((line) => `${line}\n`)
              .join(''),
          );
      } finally {
        await Promise.all([source.close(), sql.end({ timeout: 5 })]);
      }
    });
}
