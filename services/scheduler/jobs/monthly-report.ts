/** MA9: writes the report of the month before, as JSON, text and a page, and mails it where somebody is named. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReportMail } from '../../config/report.ts';
import type { SendResult } from '../../mail/transport.ts';
import { monthBefore } from '../../report/month.ts';
import { asPage } from '../../report/page.ts';
import { asText, type Report, reportOf } from '../../report/report.ts';
import { PlainError } from '../../runtime/safe-error.ts';
import { writeWhole } from '../../runtime/whole-file.ts';
import { readMonthlyFigures } from '../../store/monthly-figures.ts';
import type { JobServices } from '../job.ts';

type Place = Readonly<{ folder: string; mail: ReportMail | undefined }>;
type Forms = Readonly<{ json: string; txt: string; html: string }>;

/** Returns how many files it wrote. Throws PlainError where it was written and could not be mailed. */
export async function writeMonthlyReport(
  { folder, mail }: Place,
  { slowSql, say }: Pick<JobServices, 'slowSql' | 'say'>,
  now: Date = new Date(),
): Promise<number> {
  const month = monthBefore(now);
  const report = reportOf(month, await readMonthlyFigures(slowSql, month), now);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const name = `report_${month.name}`;
  const forms = { json: `${JSON.stringify(report, null, 2)}\n`, txt: `${asText(report)}\n`, html: asPage(report) };
  for (const [ending, text] of Object.entries(forms)) writeWhole(join(folder, `${name}.${ending}`), text);
  say(`${name} in ${folder}`);
  if (mail) await mailReport(mail, name, report, forms);
  return Object.keys(forms).length;
}

// A mail program shows no pictures of a page, and many no tables: the page itself goes with it.
async function mailReport({ to, openTransport }: ReportMail, name: string, report: Report, forms: Forms) {
  const attachment = (ending: keyof Forms, contentType: string) => ({
    filename: `${name}.${ending}`,
    contentType,
    content: Buffer.from(forms[ending], 'utf8'),
    contentDisposition: 'attachment' as const,
  });
  const message = {
    subject: `Sealpost, report of ${report.month}`,
    text: forms.txt,
    html: forms.html,
    attachments: [attachment('html', 'text/html'), attachment('json', 'application/json')],
  };
  const transport = openTransport();
  try {
    // One a month, within the fifth of the rate that the senders leave.
    const result = await transport.send({ to, reference: name, message });
    if (result.kind !== 'accepted')
      throw new PlainError(`${name} is written, but not mailed: ${whyNot(result)}. ${AGAIN}`);
  } finally {
    transport.close();
  }
}

const AGAIN = '"sealpost jobs run monthly-report" does both again.';

function whyNot(result: Exclude<SendResult, { kind: 'accepted' }>): string {
  switch (result.kind) {
    case 'throttled':
    case 'deferred':
      return 'the mail service is busy';
    case 'unreached':
      return 'the mail service was not reached';
    case 'unavailable':
      return `the mail service takes no mail (${result.reason})`;
    case 'rejected':
    case 'disputed':
      return 'the mail service refuses it';
    case 'unsure':
    case 'late':
      return 'the mail service gave no clear answer, and may have taken it';
  }
}
