/** Whom the monthly report is mailed to, and what is missing for it. */
import { expect, test } from 'vitest';
import { checkReport, checkReportMail, reportMailOf, reportSettings } from '../../services/config/report.ts';
import { readSettings } from '../../services/runtime/settings.ts';

const mail = { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x', SES_FROM_EMAIL: 'noreply@example.com' };
const REPORT_EMAIL = 'ops@example.com';
const read = (environment: Record<string, string>) => readSettings(reportSettings, environment);

test('an address without a folder is refused, and nothing else', () => {
  expect(checkReport(read({ REPORT_EMAIL }))).toEqual(['REPORT_EMAIL: needs REPORT_DIR as well.']);
  for (const environment of [{}, { REPORT_DIR: '/r' }, { REPORT_DIR: '/r', REPORT_EMAIL }]) {
    expect(checkReport(read(environment))).toEqual([]);
  }
});

test('the settings of the mail are asked for where somebody is named', () => {
  const named = (environment: Record<string, string>) =>
    checkReportMail(read({ REPORT_EMAIL }), environment).map((line) => line.split(':')[0]);
  expect(named({})).toEqual(['SES_FROM_EMAIL', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']);
  expect(named(mail)).toEqual([]);
  expect(checkReportMail(read({}), {})).toEqual([]);
});

test('it goes by the road that the settings choose, to whom they name', () => {
  expect(reportMailOf(read({}), {})).toBeUndefined();
  const found = reportMailOf(read({ REPORT_EMAIL }), mail);
  const transport = found?.openTransport();
  expect([found?.to, typeof transport?.send]).toEqual([REPORT_EMAIL, 'function']);
  transport?.close();
  expect(() => reportMailOf(read({ REPORT_EMAIL }), {})).toThrow('SES_FROM_EMAIL');
});

test('an address that is none is refused', () => {
  expect(() => read({ REPORT_EMAIL: 'nobody' })).toThrow('REPORT_EMAIL: must be an email address');
});
