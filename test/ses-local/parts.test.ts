/** The parts of the local SES, each alone and both sides of every bound: what doubles for SES in every test must be right itself. */
import { describe, expect, test } from 'vitest';
import { SesError } from '../../services/ses-local/answers.ts';
import { createMisbehaviour } from '../../services/ses-local/behaviour.ts';
import { createIdentities } from '../../services/ses-local/identities.ts';
import { readLimit } from '../../services/ses-local/limit.ts';
import { createMailbox, type StoredMail } from '../../services/ses-local/mailbox.ts';
import { createPermissions } from '../../services/ses-local/permissions.ts';
import { createQuota } from '../../services/ses-local/quota.ts';
import { createStatistics } from '../../services/ses-local/statistics.ts';

const refusal = (work: () => unknown): string => {
  try {
    work();
    return 'taken';
  } catch (error) {
    return error instanceof SesError ? `${error.status} ${error.code}: ${error.message}` : 'another error';
  }
};
const RATE = '400 Throttling: Maximum sending rate exceeded.';
const DAY = '400 Throttling: Daily message quota exceeded.';

describe('the quota', () => {
  test('counts recipients in a sliding second: no second sees more than the rate, and what is refused counts nothing', () => {
    const quota = createQuota({ maxSendRate: 3, max24HourSend: 100 });
    const take = (now: number, recipients = 1) => refusal(() => quota.take(now, recipients));
    expect([take(0, 2), take(500), take(999), take(999, 5)]).toEqual(['taken', 'taken', RATE, RATE]);
    expect([take(1000, 3), take(1000, 2), take(1000), take(1499)]).toEqual([RATE, 'taken', RATE, RATE]);
    expect([take(1500), take(1500)]).toEqual(['taken', RATE]);
    expect(quota.numbers(1500)).toEqual({ max24HourSend: 100, maxSendRate: 3, sentLast24Hours: 6 });
  });

  test('holds the day before the second, gives a day back after 24 hours, and takes another rate at once', () => {
    const quota = createQuota({ maxSendRate: 2, max24HourSend: 2 });
    quota.take(0, 2);
    expect(refusal(() => quota.take(0, 1))).toBe(DAY);
    expect(refusal(() => quota.take(86_399_999, 1))).toBe(DAY);
    expect(quota.numbers(86_400_000).sentLast24Hours).toBe(0);
    quota.setMaxSendRate(1);
    expect(refusal(() => quota.take(86_400_000, 2))).toBe(RATE);
    expect(refusal(() => quota.take(86_400_000, 1))).toBe('taken');
  });
});

describe('identities', () => {
  const seeded = createIdentities(['example.com', 'One@other.example', { identity: 'new.example', status: 'Pending' }]);

  test.each([
    ['a@example.com', true],
    ['A@EXAMPLE.COM', true],
    ['a@mail.example.com', true],
    ['example.com', true],
    ['a@notexample.com', false],
    ['a@com', false],
    ['one@other.example', true],
    ['two@other.example', false],
    ['other.example', false],
    ['a@new.example', false],
    ['a@elsewhere.example', false],
  ])('%s may send: %s', (address, verified) => {
    expect(seeded.isVerified(address)).toBe(verified);
  });

  test('of a list are known by their status, others not at all; a domain that is submitted is pending and cannot send', () => {
    expect(['example.com', 'EXAMPLE.com', 'new.example', 'mail.example.com'].map(seeded.status)).toEqual([
      'Success',
      'Success',
      'Pending',
      undefined,
    ]);
    expect(seeded.dkim('example.com')).toEqual({ enabled: true, status: 'Success' });
    expect(seeded.dkim('new.example')).toEqual({ enabled: false, status: 'Pending' });
    expect(seeded.dkim('mail.example.com')).toBeUndefined();
    seeded.submit('Later.example');
    expect([seeded.status('later.example'), seeded.isVerified('a@later.example')]).toEqual(['Pending', false]);
  });

  test('without a list are all verified', () => {
    const open = createIdentities(undefined);
    expect([open.isVerified('a@anywhere.example'), open.status('anywhere.example')]).toEqual([true, 'Success']);
  });
});

test('statistics stand in points of 15 minutes, for 14 days, with what the simulator makes of a recipient', () => {
  const statistics = createStatistics();
  const start = Date.parse('2026-03-01T12:00:00Z');
  const simulated = ['bounce', 'BOUNCE+x', 'suppressionlist', 'complaint', 'success'].map(
    (name) => `${name}@simulator.amazonses.com`,
  );
  statistics.accepted(start, [...simulated, 'bounce@example.com']);
  statistics.accepted(start + 900_000, ['a@example.com']);
  const first = { timestamp: start, deliveryAttempts: 6, bounces: 3, complaints: 1, rejects: 0 };
  const second = { timestamp: start + 900_000, deliveryAttempts: 1, bounces: 0, complaints: 0, rejects: 0 };
  expect(statistics.points(start + 14 * 86_400_000)).toEqual([first, second]);
  expect(statistics.points(start + 14 * 86_400_000 + 1)).toEqual([second]);
});

describe('misbehaviour', () => {
  test('hits each n-th send from its change on, so often as told, and then no more', () => {
    const misbehaviour = createMisbehaviour();
    const next = (n: number) => Array.from({ length: n }, () => misbehaviour.next().mode);
    expect(next(2)).toEqual(['normal', 'normal']);
    misbehaviour.change({ mode: 'reject', every: 2, times: 2 });
    expect(next(1)).toEqual(['normal']);
    expect(misbehaviour.present()).toEqual({ mode: 'reject', every: 2, times: 2 });
    expect(next(5)).toEqual(['reject', 'normal', 'reject', 'normal', 'normal']);
    expect(misbehaviour.present()).toEqual({ mode: 'normal' });
    misbehaviour.change({ mode: 'throttle', every: 3 });
    expect(next(6)).toEqual(['normal', 'normal', 'throttle', 'normal', 'normal', 'throttle']);
  });
});

test('permissions count every call, and refuse those that are not granted', () => {
  const permissions = createPermissions(['ses:SendEmail']);
  expect(refusal(() => permissions.use('SendEmail'))).toBe('taken');
  const denied = '403 AccessDenied: User is not authorized to perform: ses:GetSendQuota';
  expect([1, 2].map(() => refusal(() => permissions.use('GetSendQuota')))).toEqual([denied, denied]);
  expect(permissions.calls()).toEqual({ SendEmail: 1, GetSendQuota: 2 });
  expect(refusal(() => createPermissions([]).use('SendEmail'))).toContain('403 AccessDenied');
  expect(refusal(() => createPermissions(undefined).use('DeleteIdentity'))).toBe('taken');
});

const mail = (id: string, ...to: string[]): StoredMail => ({
  id,
  from: 'noreply@example.com',
  to,
  receivedAt: 0,
  content: { kind: 'raw', bytes: Buffer.alloc(id.length * 1024 * 1024) },
});

describe('the mailbox', () => {
  test('forgets its oldest beyond its number or 256 MiB, by id, by recipient and in its count', () => {
    const few = createMailbox(2);
    for (const id of ['1', '2', '3']) few.add(mail(id, 'A@example.com', 'a@example.com', `${id}@example.com`));
    expect(few.list(10)).toMatchObject({ total: 2, mails: [{ id: '3' }, { id: '2' }] });
    expect(few.list(1, 'a@EXAMPLE.com')).toMatchObject({ total: 2, mails: [{ id: '3' }] });
    expect([few.get('1'), few.list(10, '1@example.com').total, few.search(10, '1@').total]).toEqual([undefined, 0, 0]);
    expect(few.search(1, 'EXAMPLE')).toMatchObject({ total: 2, mails: [{ id: '3' }] });
    const heavy = createMailbox(100);
    for (const id of ['a'.repeat(100), 'b'.repeat(100), 'c'.repeat(56)]) heavy.add(mail(id, 'a@example.com'));
    expect(heavy.list(10).total).toBe(3);
    heavy.add(mail('d', 'a@example.com'));
    expect([heavy.list(10).total, heavy.get('a'.repeat(100))]).toEqual([3, undefined]);
    heavy.clear();
    expect([heavy.list(10).total, heavy.get('d'), heavy.list(10, 'a@example.com').total]).toEqual([0, undefined, 0]);
  });

  test.each([
    [undefined, 50],
    ['1', 1],
    ['500', 500],
    ['501', undefined],
    ['0', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    ['', undefined],
  ])('a limit of %j is %s', (text, limit) => {
    expect(readLimit(text)).toBe(limit);
  });
});
