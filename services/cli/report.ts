/** `sealpost report`: the usage report of a month, from the log, as text, JSON or a page. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { monthBefore, monthOf } from '../report/month.ts';
import { asPage } from '../report/page.ts';
import { asText, type Report, reportOf } from '../report/report.ts';
import type { Environment } from '../runtime/settings.ts';
import { withPool } from '../store/database.ts';
import { type Month, readMonthlyFigures } from '../store/monthly-figures.ts';
import { readerOptions } from './admin-url.ts';

const formats: Readonly<Record<string, (report: Report) => string>> = {
  text: asText,
  json: (report) => JSON.stringify(report, null, 2),
  html: asPage,
};

/** Of a month with many millions of events. */
const STATEMENT_MILLISECONDS = 600_000;

export function addReport(program: Command, environment: Environment): void {
  program
    .command('report')
    .description('print the usage report of a month')
    .argument('[month]', 'such as 2026-03; default: the last whole month', asMonth)
    .addOption(new Option('--format <format>', 'how').choices(Object.keys(formats)).default('text'))
    .action(async (given: Month | undefined, { format }: { format: string }) => {
      const now = new Date();
      const month = given ?? monthBefore(now);
      const options = { ...readerOptions(environment), statementTimeoutMilliseconds: STATEMENT_MILLISECONDS };
      const figures = await withPool(options, (sql) => readMonthlyFigures(sql, month));
      console.log(formats[format]?.(reportOf(month, figures, now)).trimEnd());
    });
}

function asMonth(text: string): Month {
  const month = monthOf(text);
  if (!month) throw new InvalidArgumentError('It must be a year and a month, such as 2026-03.');
  return month;
}
