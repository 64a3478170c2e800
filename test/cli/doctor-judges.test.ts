/** What the doctor says of each figure, at the last one that is good and the first that is not. */
import { expect, test } from 'vitest';
import { judgeRoom, judgeVersions } from '../../services/cli/doctor/host.ts';
import { judgeClock, judgeDurability, judgeOutbox } from '../../services/cli/doctor/database.ts';
import { judgeDmarc } from '../../services/cli/doctor/dns.ts';
import { judgeQuota, judgeReputation, judgeSandbox } from '../../services/cli/doctor/mail-service.ts';
import { judgeJobs, judgeOverdue } from '../../services/cli/doctor/programs.ts';

const GIB = 2 ** 30;

const of = ({ status, what }: { status: string; what: string }) => [status, what];

test.each([
  [0, 'ok', '0.000 s ahead'],
  [-999, 'ok', '0.999 s behind'],
  [2000, 'ok', '2 s ahead'],
  [2001, 'warning', '2 s ahead'],
  [-2001, 'warning', '2 s behind'],
  [30_000, 'warning', '30 s ahead'],
  [30_001, 'wrong', '30 s ahead'],
  [-30_001, 'wrong', '30 s behind'],
])('a clock that is %i ms ahead is %s', (difference, status, what) => {
  expect(of(judgeClock(difference))).toEqual([status, `The database's clock is ${what}.`]);
});

test.each([
  [30, 'ok'],
  [30.1, 'warning'],
  [120, 'warning'],
  [120.1, 'wrong'],
])('a mail that has waited for %d s is %s', (oldestSeconds, status) => {
  const what = `3 emails are waiting, the oldest for ${Math.round(oldestSeconds)} s.`;
  expect(of(judgeOutbox({ mails: 3, oldestSeconds }))).toEqual([status, what]);
  expect(of(judgeOutbox({ mails: 0, oldestSeconds }))).toEqual(['ok', 'No email is waiting.']);
});

test('a code may be open for 300 s after its time, and no longer', () => {
  expect(of(judgeOverdue(300))).toEqual(['ok', 'Codes are closed when they expire.']);
  expect(judgeOverdue(301)).toEqual({
    status: 'wrong',
    what: 'A code is still open 5 minutes after it expired.',
    todo: 'Start the scheduler, or look into its log.',
  });
});

const done = (job: string) => ({ job, error: null });
const failed = (job: string) => ({ job, error: 'The disk is full.' });

test('a job whose newest run failed is wrong, with its words; one that works again is not', () => {
  const otherwise = { status: 'ok', what: 'Well.' } as const;
  expect(judgeJobs([], otherwise)).toBe(otherwise);
  expect(judgeJobs([done('a'), failed('a')], otherwise)).toBe(otherwise);
  const todo = 'Run "sealpost jobs history --failed".';
  const one = { status: 'wrong', what: 'The job a fails: The disk is full.', todo };
  expect(judgeJobs([failed('a'), done('a'), done('b')], otherwise)).toEqual(one);
  const all = [failed('a'), failed('b'), failed('c')];
  expect(judgeJobs(all, otherwise)).toEqual({ ...one, what: `${one.what} So do b, c.` });
});

test.each([
  [12, 'wrong'],
  [13, 'ok'],
  [18, 'ok'],
  [19, 'warning'],
])('PostgreSQL %i is %s', (major, status) => {
  expect(of(judgeVersions('Programs', { version: `${major}.1`, major }))).toEqual([
    status,
    `Programs, PostgreSQL ${major}.1.`,
  ]);
  expect(of(judgeVersions('Programs', undefined))).toEqual(['ok', 'Programs; PostgreSQL does not answer.']);
});

test.each([
  [2 * GIB, 0.01, 'ok'],
  [2 * GIB - 1, 0.01, 'warning'],
  [GIB / 4, 0.01, 'warning'],
  [GIB / 4 - 1, 0.01, 'wrong'],
  [50 * GIB, 0.0099, 'wrong'],
])('%i free bytes and a share of %d free files are %s', (freeBytes, filesLeft, status) => {
  expect(judgeRoom([{ folder: '/a', freeBytes, filesLeft }]).status).toBe(status);
});

test('where no folder can be read nothing is said of the disk', () => {
  expect(of(judgeRoom([]))).toEqual(['warning', 'Not checked: no folder can be read.']);
});

test.each([
  [{ fsync: 'off' }, 'wrong', /^fsync is off: /],
  [
    { fsync: 'off', fullPageWrites: 'off', synchronousCommit: 'off' },
    'wrong',
    /^fsync, full_page_writes, synchronous_commit are off/,
  ],
  [{ synchronousCommit: 'local' }, 'ok', /are on\.$/],
  [{ dataChecksums: 'off', fsync: 'off' }, 'wrong', /^fsync is off: /],
  [{ dataChecksums: 'off' }, 'warning', /^data_checksums is off: /],
])('durability with %j is %s', (change, status, what) => {
  const on = { fsync: 'on', fullPageWrites: 'on', synchronousCommit: 'on', dataChecksums: 'on' };
  expect(judgeDurability({ version: '18.4', major: 18, readOnly: false, ...on, ...change })).toMatchObject({
    status,
    what: expect.stringMatching(what),
  });
});

test.each([
  [200, 1, 'in'],
  [0, 1, 'in'],
  [201, 1, 'out'],
  [200, 1.1, 'out'],
  [-1, 1, 'out'],
])('an account of %i mails a day and %d a second is %s of the sandbox', (perDayMax, perSecondMax, where) => {
  const found = [true, false].map(
    (production) => judgeSandbox({ perDayMax, perSecondMax, sentLastDay: 0 }, production).status,
  );
  expect(found).toEqual(where === 'in' ? ['wrong', 'warning'] : ['ok', 'ok']);
});

const rate = (attempts: number, bounces: number, complaints: number) =>
  judgeReputation({ attempts, bounces, complaints, rejects: 2 });

test('the figures of the quota and of the reputation are told, of the quota in whole percent', () => {
  expect(judgeQuota({ sentLastDay: 7999, perDayMax: 10_000, perSecondMax: 14 }).what).toBe(
    '7999 of 10000 mails in 24 hours (79 %), 14/s at most.',
  );
  expect(judgeQuota({ sentLastDay: 5, perDayMax: -1, perSecondMax: 14 }).what).toBe(
    '5 mails in 24 hours, without a limit; 14/s.',
  );
  expect(of(rate(99, 99, 99))).toEqual([
    'ok',
    '99 mails in two weeks, 99 bounces, 99 complaints, 2 rejects: too few to judge.',
  ]);
  expect(rate(100, 5, 0).status).toBe('warning');
  expect(of(rate(10_000, 499, 9))).toEqual(['ok', expect.stringContaining(': 4.99 % bounced, 0.09 % complained.')]);
  expect([rate(10_000, 999, 49).status, rate(10_000, 0, 10).status, rate(10_000, 0, 50).status]).toEqual([
    'warning',
    'warning',
    'wrong',
  ]);
});

test.each([
  ['v=DMARC1; p=none', 'ok', 'p=none'],
  ['v=DMARC1; p=Quarantine; pct=5', 'ok', 'p=quarantine'],
  ['v=DMARC1;p = reject', 'ok', 'p=reject'],
  ['v=DMARC1; sp=none; p=all', 'wrong', 'no valid policy'],
])('the DMARC record %j is %s', (record, status, what) => {
  const found = judgeDmarc('example.test', [record]);
  expect([found.status, found.what]).toEqual([status, expect.stringContaining(what)]);
});
