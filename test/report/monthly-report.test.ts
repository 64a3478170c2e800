/** MA9: the report of a month counts from the log what fell into it, to the instant, whatever was cleaned up since. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addReport } from '../../services/cli/report.ts';
import { monthBefore, monthOf } from '../../services/report/month.ts';
import { asPage } from '../../services/report/page.ts';
import { asText, type Report, reportOf } from '../../services/report/report.ts';
import { writeMonthlyReport } from '../../services/scheduler/jobs/monthly-report.ts';
import { type Month, readMonthlyFigures } from '../../services/store/monthly-figures.ts';
import { runCommand } from '../support/command.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { temporaryFolder } from '../support/fake-pg-dump.ts';

let db: TestDatabase;
const sealpost = (...args: string[]) => runCommand(addReport, ['report', ...args], { DATABASE_URL: db.url });
beforeAll(async () => {
  db = await createTestDatabase();
  await db.owner`
    insert into events (stream_id, version, type, at, data)
    select stream || '@example.com', row_number() over (partition by stream order by at), type, at::timestamptz, data::jsonb
    from (values
      ('a', 'requested', '2026-02-28T23:59:59.999Z', '{"otpId": "before", "purpose": "x", "mailing": 1}'),
      ('a', 'verified', '2026-03-01T00:00:00Z', '{"otpId": "before", "purpose": "x"}'),
      ('a', 'requested', '2026-03-01T00:00:01Z', '{"otpId": "a1", "purpose": "x", "mailing": 1}'),
      ('a', 'requested', '2026-03-01T00:01:01Z', '{"otpId": "a1", "purpose": "x", "mailing": 2}'),
      ('a', 'sent', '2026-03-01T00:01:02Z', '{"otpId": "a1", "mailing": 2}'),
      ('a', 'verified', '2026-03-01T00:00:11Z', '{"otpId": "a1", "purpose": "x"}'),
      ('b', 'requested', '2026-03-31T23:59:59.999Z', '{"otpId": "b1", "purpose": "x", "mailing": 1}'),
      ('b', 'verified', '2026-04-01T00:00:29.999Z', '{"otpId": "b1", "purpose": "x"}'),
      ('c', 'requested', '2026-03-31T10:00:00Z', '{"otpId": "c1", "purpose": "<y>", "mailing": 1}'),
      ('c', 'attempted', '2026-03-31T10:00:10Z', '{"otpId": "c1"}'),
      ('c', 'send_failed', '2026-03-31T10:00:20Z', '{"otpId": "c1", "mailing": 1, "reason": "rejected"}'),
      ('c', 'bounced', '2026-03-31T10:00:30Z', '{"otpId": "c1", "mailing": 1, "permanent": true}'),
      ('c', 'bounced', '2026-03-31T10:00:40Z', '{"otpId": "c1", "mailing": 2, "permanent": false}'),
      ('d', 'requested', '2026-04-01T00:00:00Z', '{"otpId": "d1", "purpose": "x", "mailing": 1}')
    ) as e (stream, type, at, data)
  `;
});
afterAll(() => db.drop());

const MARCH = monthOf('2026-03') as Month;
const figures = {
  events: { requested: 4, sent: 1, verified: 2, attempted: 1, send_failed: 1, bounced: 2 },
  days: [
    { day: '2026-03-01', codes: 1, verified: 1 },
    { day: '2026-03-31', codes: 2, verified: 1 },
  ],
  purposes: [
    { purpose: 'x', codes: 2, verified: 2 },
    { purpose: '<y>', codes: 1, verified: 0 },
  ],
  failures: { rejected: 1 },
  bounces: { permanent: 1, transient: 1 },
  addresses: 1,
  secondsToVerify: { median: 20, p95: 29 },
};
const NOW = new Date('2026-04-01T06:00:00Z');
const report: Report = reportOf(MARCH, figures, NOW);

test('a month goes from its first moment to that of the next', () => {
  expect(MARCH).toEqual({ name: '2026-03', from: new Date('2026-03-01Z'), to: new Date('2026-04-01Z') });
  expect(monthOf('2026-12')?.to).toEqual(new Date('2027-01-01Z'));
  for (const other of ['2026-13', '2026-00', '2026-3', '2026', '2026-03-01', 'march', ''])
    expect(monthOf(other), other).toBeUndefined();
  expect(monthBefore(new Date('2026-01-01T00:00:00Z')).name).toBe('2025-12');
  expect(monthBefore(new Date('2026-03-31T23:59:59Z')).name).toBe('2026-02');
});

describe('the figures', () => {
  test('are those of the month alone: a code counts where it was asked for, whenever it was verified', async () => {
    expect(await readMonthlyFigures(db.sql, MARCH)).toEqual(figures);
  });

  test('of an empty month are zero', async () => {
    expect(await readMonthlyFigures(db.sql, monthOf('2025-01') as Month)).toEqual({
      events: {},
      days: [],
      purposes: [],
      failures: {},
      bounces: { permanent: 0, transient: 0 },
      addresses: 0,
      secondsToVerify: { median: null, p95: null },
    });
  });
});

describe('the report', () => {
  test('reads as a person reads it', () => {
    expect(
      asText(report)
        .split('\n')
        .map((line) => line.replaceAll(/ {2,}/g, ': ')),
    ).toEqual([
      'Sealpost, 2026-03 (UTC)',
      '',
      'Codes asked for: 3',
      'Of these verified: 2 (66.7 %)',
      'Time to verify: 20 s median, 29 s for 95 %',
      'Addresses verified: 1',
      'Wrong guesses: 1',
      'Codes that expired: 0',
      'Emails sent: 1',
      'Emails delivered: 0',
      'Emails bounced: 1 permanently, 1 transiently',
      'Complaints: 0',
      'Emails given up: 1 rejected',
      'Set by an admin or the application: 0',
      'Addresses suppressed: 0',
      'People erased: 0',
      '',
      'By purpose',
      ': x: 2 codes, 2 verified (100.0 %)',
      ': <y>: 1 codes, 0 verified (0.0 %)',
    ]);
  });

  test('is a page with two bars for each day, whose words cannot be markup, and which loads nothing', () => {
    const page = asPage(report);
    expect(page.match(/<rect class="codes"/g)).toHaveLength(31);
    expect(page.match(/<rect class="verified"/g)).toHaveLength(31);
    expect(page).toContain('height="180.0"><title>2026-03-31: 2 codes</title>');
    expect(page).toContain('height="90.0"><title>2026-03-31: 1 verified</title>');
    expect(page).toContain('height="0.0"><title>2026-03-02: 0 codes</title>');
    expect(page).toContain('&lt;y&gt;');
    expect(page).not.toMatch(/<y>|src=|href=|url\(|@import|<script/);
  });

  test('is written by the job in all three forms, for its owner alone, the same again when it runs again', async () => {
    const folder = join(temporaryFolder(), 'reports');
    const notes: string[] = [];
    const write = () =>
      writeMonthlyReport({ folder, mail: undefined }, { slowSql: db.sql, say: (note) => void notes.push(note) }, NOW);
    expect(await write()).toBe(3);
    const names = ['report_2026-03.html', 'report_2026-03.json', 'report_2026-03.txt'];
    expect(readdirSync(folder).toSorted()).toEqual(names);
    const texts = () => names.map((name) => readFileSync(join(folder, name), 'utf8'));
    const before = texts();
    expect(JSON.parse(before[1] ?? '')).toEqual(JSON.parse(JSON.stringify(report)));
    expect([before[0], before[2]]).toEqual([asPage(report), `${asText(report)}\n`]);
    expect(names.map((name) => statSync(join(folder, name)).mode & 0o777)).toEqual([0o600, 0o600, 0o600]);
    await write();
    expect(texts()).toEqual(before);
    expect(notes[0]).toBe(`report_2026-03 in ${folder}`);
  });

  test('is printed by the command, and another word is no month', async () => {
    expect((await sealpost('2026-03')).stdout).toBe(`${asText(report)}\n`);
    expect(JSON.parse((await sealpost('2026-03', '--format', 'json')).stdout)).toMatchObject({
      month: '2026-03',
      ...figures,
    });
    expect((await sealpost('2026-03', '--format', 'html')).stdout).toMatch(/^<!doctype html>/);
    expect((await sealpost()).stdout).toContain(`Sealpost, ${monthBefore(new Date()).name} (UTC)`);
    expect((await sealpost('march')).stderr).toContain('It must be a year and a month, such as 2026-03.');
  });
});
