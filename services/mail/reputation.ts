/**
 * Whether so many mails came back that sending must be held back: Amazon pauses an account at about 10 % bounces or 0.5 %
 * complaints, and lets it go again only after a talk. People count and not reports: whoever's mails come back has one voice
 * however many they are, and is held back alone, long before everybody is. Pure.
 */

export type ReputationLimits = Readonly<{ bouncePercentMax: number; complaintPercentMax: number }>;

export type Kind = 'bounced' | 'complained';

/** What came back in 24 hours, or since sending was last resumed. Times are milliseconds. */
export type Reports = Readonly<{
  now: number;
  sent: number;
  /** Reports of all, and for each hour how many people's latest report was in it. */
  kinds: Readonly<Record<Kind, Readonly<{ reports: number; people: readonly PeopleOfHour[] }>>>;
  /** Users with more than a few reports. */
  users: readonly UserReports[];
}>;

export type PeopleOfHour = Readonly<{ hour: number; people: number }>;

/** A user's codes of the time, how many of their addresses bounced or complained, and when the last did. */
export type UserReports = Readonly<{ userId: string; codes: number; lastAt: number }> & Readonly<Record<Kind, number>>;

/** Held back until the time, unless fewer come back or an operator resumes. */
export type Held = Readonly<{ kind: Kind; until: number }>;

export type Standing = Readonly<{
  bounceRatio: number;
  complaintRatio: number;
  /** Why only proven addresses get mail; undefined where everybody does. */
  everybody: Held | undefined;
  /** Users who get none for anybody. */
  users: ReadonlyMap<string, Held>;
}>;

/** With fewer mails, or fewer people, a percentage says nothing. */
const SENT_MIN = 200;
const PEOPLE_MIN = 3;
/** Of one user: so many addresses that came back are no mistyping. */
export const USER_REPORTS_MIN = 3;

const HOUR_MILLISECONDS = 3_600_000;
const DAY_MILLISECONDS = 24 * HOUR_MILLISECONDS;

/** A limit of 0 never holds anybody back. */
export function standingOf({ now, sent, kinds, users }: Reports, limits: ReputationLimits): Standing {
  const shareMax = {
    bounced: limits.bouncePercentMax / 100,
    complained: limits.complaintPercentMax / 100,
  };
  const ratio = (kind: Kind): number => (sent === 0 ? 0 : kinds[kind].reports / sent);
  const held = (['complained', 'bounced'] as const).flatMap((kind) => {
    const until = heldUntil(kinds[kind].people, sent, shareMax[kind]);
    return until > now ? [{ kind, until }] : [];
  });
  return {
    bounceRatio: ratio('bounced'),
    complaintRatio: ratio('complained'),
    everybody: held.toSorted((a, b) => b.until - a.until)[0],
    users: new Map(users.flatMap((user) => heldUser(user, shareMax))),
  };
}

/** When, with no more mail sent, so many of the oldest are a day old that the rest is below the limit; 0 where it is now. */
function heldUntil(people: readonly PeopleOfHour[], sent: number, shareMax: number): number {
  let left = people.reduce((sum, one) => sum + one.people, 0);
  if (shareMax === 0 || sent < SENT_MIN) return 0;
  let until = 0;
  for (const one of people.toSorted((a, b) => a.hour - b.hour)) {
    if (left < PEOPLE_MIN || left / sent < shareMax) return until;
    left -= one.people;
    until = one.hour + HOUR_MILLISECONDS + DAY_MILLISECONDS;
  }
  return until;
}

function heldUser(user: UserReports, shareMax: Readonly<Record<Kind, number>>): readonly (readonly [string, Held])[] {
  const kind = (['complained', 'bounced'] as const).find(
    (one) => shareMax[one] > 0 && user[one] >= USER_REPORTS_MIN && user[one] / user.codes >= shareMax[one],
  );
  return kind ? [[user.userId, { kind, until: user.lastAt + DAY_MILLISECONDS }]] : [];
}
