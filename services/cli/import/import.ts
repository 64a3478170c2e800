/** Brings the two tables of the deployment guide's system over. What is there already is passed over, so it can be run again. */
import type { Command } from '../../core/decide.ts';
import type { Sql } from '../../store/database.ts';
import type { Handler } from '../../store/handle.ts';
import type { ImportSource } from '../../store/import-source.ts';
import { importedCodes } from '../../store/queries.ts';
import { showProgress } from '../progress.ts';
import { createReport, type Report } from './report.ts';
import { codeOf, type IsErased, linkOf, type Read } from './parse-row.ts';

export type ImportServices = Readonly<{ source: ImportSource; sql: Sql; handler: Handler; isErased: IsErased }>;

const ROWS_AT_ONCE = 2000;
const FIRST_UUID = '00000000-0000-0000-0000-000000000000';

export async function importAll({ source, sql, handler, isErased }: ImportServices): Promise<readonly Report[]> {
  const now = Date.now();
  const reports = [await addresses(), await codes()];
  return reports;

  async function addresses(): Promise<Report> {
    const report = createReport('user_email_addresses');
    const progress = showProgress('addresses', source.addresses);
    for await (const rows of pages(0 as number, source.addressesAfter)) {
      await Promise.all(rows.map((row) => record(report, row.id, linkOf(row, now, isErased))));
      progress.advance(rows.length);
    }
    progress.end();
    return report;
  }

  async function codes(): Promise<Report> {
    const report = createReport('email_otp_verifications');
    const progress = showProgress('codes    ', source.codes);
    for await (const rows of pages(FIRST_UUID as string, source.codesAfter)) {
      const ids = rows.map(({ id }) => id);
      const there = await importedCodes(sql, ids);
      for (const id of ids) if (there.has(id)) report.present();
      const fresh = rows.filter(({ id }) => !there.has(id));
      await Promise.all(fresh.map((row) => record(report, row.id, codeOf(row, now, isErased))));
      progress.advance(rows.length);
    }
    progress.end();
    return report;
  }

  async function record(report: Report, id: number | string, read: Read<Command>): Promise<void> {
    if ('reason' in read) return report.skipped(read.reason, id);
    const handled = await handler.handle(read.command);
    if (handled.kind === 'recorded') report.imported();
    else if (handled.kind === 'rejected') report.skipped(`Refused: ${handled.rejection.code}.`, id);
    else report.present();
  }
}

/** Page after page in the order of ids; the next is read while one is worked on. */
async function* pages<Id, Row extends Readonly<{ id: Id }>>(
  first: Id,
  after: (id: Id, limit: number) => Promise<readonly Row[]>,
): AsyncGenerator<readonly Row[]> {
  let rows = await after(first, ROWS_AT_ONCE);
  while (rows.length > 0) {
    const next = after(rows.at(-1)?.id ?? first, ROWS_AT_ONCE);
    // Awaited after the work: a failure before that must not end the process unheard.
    next.catch(() => {});
    yield rows;
    rows = await next;
  }
}
