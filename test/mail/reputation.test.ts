/** Whether too many people's mails came back: who is held back, and until when, before Amazon would pause the account. */
import { describe, expect, test } from 'vitest';
import { type Reports, standingOf, type UserReports } from '../../services/mail/reputation.ts';

const HOUR = 3_600_000;
const NOW = 100 * HOUR;
const limits = { bouncePercentMax: 5, complaintPercentMax: 0.3 };

/** So many people, all in the hour that began two hours ago unless said otherwise; each with one report. */
const people = (count: number, hoursAgo = 2) => ({ hour: NOW - hoursAgo * HOUR, people: count });
/** So many mails, in the same hour. */
const mails = (sent: number, hoursAgo = 2) => [{ hour: NOW - hoursAgo * HOUR, sent }];
const kind = (...hours: ReturnType<typeof people>[]) => ({
  reports: hours.reduce((sum, one) => sum + one.people, 0),
  people: hours,
});
const reports = (more: Partial<Reports>): Reports => ({
  now: NOW,
  sent: mails(1000),
  kinds: { bounced: kind(), complained: kind() },
  users: [],
  ...more,
});
const bounced = (sent: number, count: number, more = limits) =>
  standingOf(reports({ sent: mails(sent), kinds: { bounced: kind(people(count)), complained: kind() } }), more)
    .everybody?.kind;
const complained = (sent: number, count: number, more = limits) =>
  standingOf(reports({ sent: mails(sent), kinds: { bounced: kind(), complained: kind(people(count)) } }), more)
    .everybody?.kind;

describe('all users', () => {
  test('are held back from 5 % of people whose mails bounced, not a little before, and few mails say nothing', () => {
    expect([bounced(1000, 49), bounced(1000, 50), bounced(1000, 900)]).toEqual([undefined, 'bounced', 'bounced']);
    expect([bounced(199, 199), bounced(200, 10), bounced(0, 0)]).toEqual([undefined, 'bounced', undefined]);
  });

  test('from 0.3 % who complained, and never for four accounts', () => {
    expect([complained(1600, 4), complained(1600, 5), complained(2000, 5)]).toEqual([
      undefined,
      'complained',
      undefined,
    ]);
    expect([complained(200, 4), complained(200, 5), complained(199, 5)]).toEqual([undefined, 'complained', undefined]);
  });

  test('people count: as many reports of fewer people hold nobody back', () => {
    const ofTwo = { reports: 900, people: [people(4)] };
    expect(standingOf(reports({ kinds: { bounced: ofTwo, complained: ofTwo } }), limits)).toMatchObject({
      everybody: undefined,
      bounceRatio: 0.9,
      complaintRatio: 0.9,
    });
  });

  test('a limit of 0 never holds anybody back, and leaves the other', () => {
    expect(bounced(1000, 1000, { bouncePercentMax: 0, complaintPercentMax: 0.3 })).toBeUndefined();
    expect(complained(1000, 5, { bouncePercentMax: 0, complaintPercentMax: 0.3 })).toBe('complained');
    expect(complained(1000, 900, { bouncePercentMax: 5, complaintPercentMax: 0 })).toBeUndefined();
  });

  test('until so many of the oldest are a day old that the rest is below the limit', () => {
    const until = (...hours: ReturnType<typeof people>[]) => {
      const kinds = { bounced: kind(...hours), complained: kind() };
      const standing = standingOf(reports({ sent: mails(1000, 1), kinds }), limits);
      return standing.everybody && (standing.everybody.until - NOW) / HOUR;
    };
    expect(until(people(49, 3))).toBeUndefined();
    // Of the hour that began 20 hours ago all are a day old in 5.
    expect(until(people(10, 20), people(45, 3))).toBe(5);
    expect(until(people(45, 3), people(10, 20))).toBe(5);
    expect(until(people(10, 20), people(10, 10), people(45, 3))).toBe(15);
    expect(until(people(60, 3))).toBe(22);
  });

  test('and the mails of those hours leave with them', () => {
    const sent = [...mails(700, 24), ...mails(300, 12)];
    const kinds = { bounced: kind(people(11, 24), people(49, 12)), complained: kind() };
    expect(standingOf(reports({ sent, kinds }), limits).everybody?.until).toBe(NOW + 13 * HOUR);
    expect(standingOf(reports({ sent: mails(200, 20), kinds }), limits).everybody?.until).toBe(NOW + 5 * HOUR);
  });

  test('of two reasons the longer is told', () => {
    const kinds = { bounced: kind(people(60, 20)), complained: kind(people(5, 3)) };
    expect(standingOf(reports({ kinds }), limits).everybody).toEqual({ kind: 'complained', until: NOW + 22 * HOUR });
  });
});

type Counts = Readonly<{ codes?: number; bounced?: number; complained?: number }>;
const user = ({ codes = 10, bounced: b = 0, complained: c = 0 }: Counts): UserReports => ({
  userId: 'u-1',
  codes,
  bounced: { addresses: b, thirdLastAt: NOW - HOUR },
  complained: { addresses: c, thirdLastAt: NOW - 2 * HOUR },
});

const held = (counts: Counts, of = limits) =>
  [...standingOf(reports({ users: [user(counts)] }), of).users].map(([userId, { kind: why }]) => `${userId} ${why}`);

describe('one user', () => {
  test.each([
    ['two bounces of two', { codes: 2, bounced: 2 }, []],
    ['three of ten', { bounced: 3 }, ['u-1 bounced']],
    ['three of 61', { codes: 61, bounced: 3 }, []],
    ['three complaints of 262', { codes: 262, complained: 3 }, ['u-1 complained']],
    ['three complaints of 1001', { codes: 1001, complained: 3 }, []],
    ['both', { bounced: 5, complained: 5 }, ['u-1 complained']],
  ])('%s', (_, more, expected) => {
    expect(held(more)).toEqual(expected);
  });

  test('is held back until the last but two is a day old, long before everybody is, and never where the limit is 0', () => {
    const { users, everybody } = standingOf(reports({ users: [user({ complained: 9 })] }), limits);
    expect([users.get('u-1')?.until, everybody]).toEqual([NOW + 22 * HOUR, undefined]);
    expect(held({ bounced: 9, complained: 9 }, { bouncePercentMax: 0, complaintPercentMax: 0 })).toEqual([]);
  });
});
