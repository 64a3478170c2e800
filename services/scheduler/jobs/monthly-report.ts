/** MA9: writes the report of the month before, as JSON, text and a page. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { monthBefore } from '../../report/month.ts';
import { asPage } from '../../report/page.ts';
import { asText, reportOf } from '../../report/report.ts';
import { writeWhole } from '../../runtime/whole-file.ts';
import { readMonthlyFigures } from '../../store/monthly-figures.ts';
import type { JobServices } from '../job.ts';

/** Returns how many files it wrote. */
export async function writeMonthlyReport(
  folder: string,
  { slowSql, say }: Pick<JobServices, 'slowSql' | 'say'>,
  now: Date = new Date(),
): Promise<number> {
  const month = monthBefore(now);
  const report = reportOf(month, await readMonthlyFigures(slowSql, month), now);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const files = { json: `${JSON.stringify(report, null, 2)}\n`, txt: `${asText(report)}\n`, html: asPage(report) };
  for (const [ending, text] of Object.entries(files)) writeWhole(join(folder, `report_${month.name}.${ending}`), text);
  say(`report_${month.name} in ${folder}`);
  return Object.keys(files).length;
}
