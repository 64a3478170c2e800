/** The monthly report by mail: what arrives, what is said where it does not, and that the files are there all the same. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import PostalMime from 'postal-mime';
import { reportMailOf } from '../../services/config/report.ts';
import { mimeOf } from '../../services/mail/mime.ts';
import type { OutgoingMail, SendResult } from '../../services/mail/transport.ts';
import { writeMonthlyReport } from '../../services/scheduler/jobs/monthly-report.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const NOW = new Date('2026-04-01T06:00:00Z');
const folder = mkdtempSync(join(tmpdir(), 'sealpost-report-mail-'));
const names = ['report_2026-03.html', 'report_2026-03.json', 'report_2026-03.txt'];

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await db.drop();
});

/** Runs the job with a mail service that answers so, and tells what it was given and how often it was closed. */
async function runWith(result: SendResult) {
  const sent: OutgoingMail[] = [];
  let closed = 0;
  const openTransport = () => ({
    send: async (mail: OutgoingMail) => (sent.push(mail), result),
    sendRate: async () => 1,
    attemptMillisecondsMax: 1,
    close: () => void closed++,
  });
  const services = { slowSql: db.sql, say: () => {} };
  const ended = await writeMonthlyReport(
    { folder, mail: { to: 'ops@example.com', openTransport } },
    services,
    NOW,
  ).catch((error: Error) => `${error.name}: ${error.message}`);
  return { ended, sent, closed };
}

test('is the text, the page, and both of the files that pictures and programs are for; once, from the codes’ sender', async () => {
  const { ended, sent, closed } = await runWith({ kind: 'accepted', messageId: 'm' });
  expect([ended, sent.length, closed]).toEqual([3, 1, 1]);
  const [mail] = sent;
  if (!mail) throw new Error('there is none');
  const from = { fromEmail: 'noreply@example.com', fromName: 'Sealpost' };
  const read = await PostalMime.parse(await mimeOf(mail, from));
  const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
  expect([read.subject, read.to?.[0]?.address, read.from?.address]).toEqual([
    'Sealpost, report of 2026-03',
    'ops@example.com',
    'noreply@example.com',
  ]);
  expect(read.text?.trim()).toBe(files['report_2026-03.txt']?.trim());
  expect(read.html?.trim()).toBe(files['report_2026-03.html']?.trim());
  expect(read.attachments.map(({ filename, mimeType, disposition }) => [filename, mimeType, disposition])).toEqual([
    ['report_2026-03.html', 'text/html', 'attachment'],
    ['report_2026-03.json', 'application/json', 'attachment'],
  ]);
  for (const { filename, content } of read.attachments) {
    expect(Buffer.from(content as ArrayBuffer).toString('utf8')).toBe(files[filename ?? '']);
  }
});

test.each<[SendResult, string]>([
  [{ kind: 'throttled' }, 'the mail service is busy'],
  [{ kind: 'unreached' }, 'the mail service was not reached'],
  [{ kind: 'unavailable', reason: 'quota' }, 'the mail service takes no mail (quota)'],
  [{ kind: 'unavailable', reason: 'credentials' }, 'the mail service takes no mail (credentials)'],
  [{ kind: 'rejected' }, 'the mail service refuses it'],
  [{ kind: 'unsure' }, 'the mail service gave no clear answer, and may have taken it'],
])(
  'that is answered %j fails the job with the reason and without the address; the files are there',
  async (result, why) => {
    for (const name of names) rmSync(join(folder, name), { force: true });
    const { ended, sent, closed } = await runWith(result);
    expect([sent.length, closed]).toEqual([1, 1]);
    expect(ended).toBe(
      `PlainError: report_2026-03 is written, but not mailed: ${why}. "sealpost jobs run monthly-report" does both again.`,
    );
    expect(readdirSync(folder).toSorted()).toEqual(names);
  },
);

test('goes to nobody where nobody is named', () => {
  expect(reportMailOf({ REPORT_DIR: '/reports', REPORT_EMAIL: undefined }, {})).toBeUndefined();
});
