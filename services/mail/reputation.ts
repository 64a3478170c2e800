/**
 * Whether so many mails came back that sending must be held back: Amazon pauses an account at about 10 % bounces or 0.5 %
 * complaints, and lets it go again only after a talk. People count and not reports: whoever's mails come back has one voice
 * however many they are, and is held back alone, long before everybody is. Pure.
 */

export type ReputationLimits = Readonly<{ bouncePercentMax: number; complaintPercentMax: number }>;

export type Kind = 'bounced' | 'complained';

/** What came back in 24 hours, or since sending was last resumed. Times are milliseconds by the database's clock. */
export type Reports = Readonly<{
  now: number;
  /** Mails that went out, in each hour. */
  sent: readonly Readonly<{ hour: number; sent: number }>[];
  /** Reports of all, and for each hour how many people's latest report was in it. */
  kinds: Readonly<Record<Kind, Readonly<{ reports: number; people: readonly PeopleOfHour[] }>>>;
  /** Users with more than a few reports. */
  users: readonly UserReports[];
}>;

export type PeopleOfHour = Readonly<{ hour: number; people: number }>;

/** A user's codes of the time; of each kind how many of their addresses came back, and when the last but two did. */
export type UserReports = Readonly<{ userId: string; codes: number }> &
  Readonly<Record<Kind, Readonly<{ addresses: number; thirdLastAt: number }>>>;

/** Held back until the time, unless fewer come back or an operator resumes. */
export type Held = Readonly<{ kind: Kind; until: number }>;

export type Standing = Readonly<{
  now: number;
  sent: number;
  bounceRatio: number;
  complaintRatio: number;
  /** Why only proven addresses get mail; undefined where everybody does. */
  everybody: Held | undefined;
  /** Users who get none for anybody. */
  users: ReadonlyMap<string, Held>;
}>;

/** With fewer mails, or fewer people, a percentage says nothing: a handful of accounts shall not stop everybody. */
const SENT_MIN = 200;
const PEOPLE_MIN = 5;
/** Of one user: so many addresses that came back are no mistyping. */
export const USER_REPORTS_MIN = 3;

const HOUR_MILLISECONDS = 3_600_000;
const DAY_MILLISECONDS = 24 * HOUR_MILLISECONDS;

/** A limit of 0 never holds anybody back. */
export function standingOf(reports: Reports, limits: ReputationLimits): Standing {
  const { now, kinds, users } = reports;
  const sent = sumOf(reports.sent.map((one) => one.sent));
  const shareMax = {
    bounced: limits.bouncePercentMax / 100,
    complained: limits.complaintPercentMax / 100,
  };
  const ratio = (kind: Kind): number => (sent === 0 ? 0 : kinds[kind].reports / sent);
  const held = (['complained', 'bounced'] as const).flatMap((kind) => {
    const until = heldUntil(kinds[kind].people, reports.sent, shareMax[kind]);
    return until > now ? [{ kind, until }] : [];
  });
  return {
    now,
    sent,
    bounceRatio: ratio('bounced'),
    complaintRatio: ratio('complained'),
    everybody: held.toSorted((a, b) => b.until - a.until)[0],
    users: new Map(users.flatMap((user) => heldUser(user, shareMax))),
  };
}

/** When, as hour after hour is a day old, what is left is below the limit if nothing is added; 0 where it is now. */
function heldUntil(people: readonly PeopleOfHour[], sent: Reports['sent'], shareMax: number): number {
  if (shareMax === 0) return 0;
  const hours = [...new Set([...people, ...sent].map(({ hour }) => hour))].toSorted((a, b) => a - b);
  let until = 0;
  for (const hour of [Number.NEGATIVE_INFINITY, ...hours]) {
    if (hour > Number.NEGATIVE_INFINITY) until = hour + HOUR_MILLISECONDS + DAY_MILLISECONDS;
    const left = sumOf(people.filter((one) => one.hour > hour).map((one) => one.people));
    const mails = sumOf(sent.filter((one) => one.hour > hour).map((one) => one.sent));
    if (left < PEOPLE_MIN || mails < SENT_MIN || left / mails < shareMax) return until;
  }
  return until;
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0);

function heldUser(user: UserReports, shareMax: Readonly<Record<Kind, number>>): readonly (readonly [string, Held])[] {
  const kind = (['complained', 'bounced'] as const).find(
    (one) =>
      shareMax[one] > 0 && user[one].addresses >= USER_REPORTS_MIN && user[one].addresses / user.codes >= shareMax[one],
  );
  return kind ? [[user.userId, { kind, until: user[kind].thirdLastAt + DAY_MILLISECONDS }]] : [];
}
