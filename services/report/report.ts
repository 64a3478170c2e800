/** MA9: the monthly usage report, as data, as text and as a page. */
import type { MonthlyFigures, Month } from '../store/monthly-figures.ts';

export type Report = Readonly<{ month: string; from: string; to: string; made_at: string }> & MonthlyFigures;

export const reportOf = ({ name, from, to }: Month, figures: MonthlyFigures, now: Date): Report => ({
  month: name,
  from: from.toISOString(),
  to: to.toISOString(),
  made_at: now.toISOString(),
  ...figures,
});

/** Names and values of the figures, in the order in which they are read. */
export function figuresOf({
  events,
  purposes,
  failures,
  bounces,
  addresses,
  secondsToVerify,
}: Report): readonly (readonly [string, string])[] {
  const count = (type: string): number => events[type] ?? 0;
  const codes = purposes.reduce((sum, one) => sum + one.codes, 0);
  const verified = purposes.reduce((sum, one) => sum + one.verified, 0);
  const failed = Object.entries(failures).map(([reason, n]) => `${n} ${reason}`);
  return [
    ['Codes asked for', `${codes}`],
    ['Of these verified', `${verified}${codes > 0 ? ` (${percent(verified, codes)})` : ''}`],
    [
      'Time to verify',
      secondsToVerify.median === null
        ? 'none'
        : `${secondsToVerify.median} s median, ${secondsToVerify.p95} s for 95 %`,
    ],
    ['Addresses verified', `${addresses}`],
    ['Wrong guesses', `${count('attempted')}`],
    ['Codes that expired', `${count('expired')}`],
    ['Emails sent', `${count('sent')}`],
    ['Emails delivered', `${count('delivered')}`],
    ['Emails bounced', `${bounces.permanent} permanently, ${bounces.transient} transiently`],
    ['Complaints', `${count('complained')}`],
    ['Emails given up', failed.length === 0 ? '0' : failed.join(', ')],
    ['Set by an admin or the application', `${count('asserted')}`],
    ['Addresses suppressed', `${count('suppressed')}`],
    ['People erased', `${count('erased')}`],
  ];
}

export const percent = (part: number, whole: number): string => `${((part / whole) * 100).toFixed(1)} %`;

/** For a terminal or a mail. */
export function asText(report: Report): string {
  const rows = figuresOf(report);
  const width = Math.max(...rows.map(([name]) => name.length));
  const purposes = report.purposes.map(
    ({ purpose, codes, verified }) => `${purpose}: ${codes} codes, ${verified} verified (${percent(verified, codes)})`,
  );
  return [
    `Sealpost, ${report.month} (UTC)`,
    '',
    ...rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`),
    ...(purposes.length > 0 ? ['', 'By purpose', ...purposes.map((line) => `  ${line}`)] : []),
  ].join('\n');
}
