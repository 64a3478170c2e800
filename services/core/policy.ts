/**
 * The rules of the game as numbers, each with its default, its bounds and a sentence.
 * Sources: OWASP ASVS 5.0 6.5.4, 6.5.5, 6.6.3; NIST SP 800-63B-4 3.2.2; the deployment guide's EMAIL_* variables.
 */

import type { Instant } from './events.ts';

export type Policy = Readonly<{
  codeDigits: number;
  codeTtlSeconds: number;
  attemptsMax: number;
  cooldownSeconds: number;
  requestsPerHourMax: number;
  requestsPerDayMax: number;
  /** Of them, those that one user may ask for. */
  requestsPerHourShare: number;
  requestsPerDayShare: number;
  wrongGuessesMax: number;
  wrongGuessesPerUserMax: number;
  /** 0: no such limit. */
  requestsPerUserHourMax: number;
  /** Of the whole installation; 0: no such limit. */
  requestsPerMinuteMax: number;
}>;

/** Wrong guesses at one address in a day, whoever makes them (NIST SP 800-63B-4 3.2.2), and as many as a state remembers. */
export const GUESSES_IN_ALL_MAX = 100;

export type Bound = Readonly<{ default: number; min: number; max: number; sentence: string }>;

/** Longest life of a code unless the operator forces more (ASVS 6.5.5), and the most that may be forced. */
export const CODE_TTL_SECONDS_MAX = 600;
export const CODE_TTL_SECONDS_FORCED_MAX = 86_400;

export const policyBounds: Readonly<Record<keyof Policy, Bound>> = {
  codeDigits: { default: 6, min: 6, max: 10, sentence: 'Number of digits of a code.' },
  codeTtlSeconds: {
    default: 600,
    min: 30,
    max: CODE_TTL_SECONDS_FORCED_MAX,
    sentence: `Lifetime of a code in seconds; more than ${CODE_TTL_SECONDS_MAX} needs EMAIL_OTP_EXPIRES_FORCE=true, see ASVS 6.5.5.`,
  },
  attemptsMax: { default: 3, min: 1, max: 10, sentence: 'Wrong attempts after which a code is dead.' },
  cooldownSeconds: { default: 60, min: 1, max: 3600, sentence: 'Seconds between two emails to one address.' },
  requestsPerHourMax: { default: 5, min: 1, max: 50, sentence: 'Emails to one address per hour, whoever asks.' },
  requestsPerDayMax: { default: 20, min: 1, max: 50, sentence: 'Emails to one address in 24 hours, whoever asks.' },
  requestsPerHourShare: {
    default: 2,
    min: 1,
    max: 50,
    sentence:
      'Emails to one address per hour that one user may request; the last of EMAIL_RATE_LIMIT_PER_HOUR is kept for a user who has not asked. As many as that or more: no such share.',
  },
  requestsPerDayShare: {
    default: 8,
    min: 1,
    max: 50,
    sentence:
      'Emails to one address in 24 hours that one user may request; the last of EMAIL_RATE_LIMIT_PER_DAY is kept for a user who has not asked. As many as that or more: no such share.',
  },
  wrongGuessesMax: {
    default: 20,
    min: 5,
    max: 100,
    sentence:
      'Wrong attempts at one address in 24 hours, over all its codes, after which only users without one there may still try, once each, and never more than 100 in all; see NIST SP 800-63B-4 3.2.2.',
  },
  wrongGuessesPerUserMax: {
    default: 10,
    min: 5,
    max: 100,
    sentence:
      'Wrong attempts of one user at one address in 24 hours, over all its codes, before that user is locked there.',
  },
  requestsPerUserHourMax: {
    default: 10,
    min: 0,
    max: 1_000_000,
    sentence: 'Emails that one user may request per hour, whatever the address; 0 for no limit.',
  },
  requestsPerMinuteMax: {
    default: 3000,
    min: 0,
    max: 10_000_000,
    sentence: 'Emails of the whole installation per minute; 0 for no limit.',
  },
};

export const defaultPolicy: Policy = Object.fromEntries(
  Object.entries(policyBounds).map(([name, bound]) => [name, bound.default]),
) as Policy;

/** Wrong passwords of a login for one address, before the next is refused until the window is over (ASVS 6.3.1). */
export const wrongPasswords = { max: 10, windowSeconds: 900 } as const;

const RETRY_AFTER_SECONDS_MAX = 86_400;

/** Whole seconds until then, at least 1, and at most a day. */
export function retryAfterSeconds(then: Instant, now: Instant): number {
  return Math.min(Math.max(1, Math.ceil((then - now) / 1000)), RETRY_AFTER_SECONDS_MAX);
}

/**
 * How often one command may lose the race for its address before it is given up. Every lost race is an event that
 * another process recorded there, and the policy bounds how many there can be while the command waits:
 * each mail of the day requests, sends, supersedes or expires, and each guess until nobody's is judged any more.
 */
export function lostRacesMax(policy: Policy): number {
  return 4 * policy.requestsPerDayMax + GUESSES_IN_ALL_MAX + 1;
}
