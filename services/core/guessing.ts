/**
 * How often codes may be guessed at one address (NIST SP 800-63B-4 3.2.2), over all its codes. Each user who guesses wrong
 * waits for that alone, longer each time, and is locked in the end; all together find a cap, which spares a user who has
 * not guessed wrong there, so that no stranger keeps out whoever has the right code. What is a day old is forgotten.
 */
import type { Instant } from './events.ts';
import { GUESSES_IN_ALL_MAX, type Policy } from './policy.ts';
import type { WrongGuess } from './state.ts';
import { within } from './windows.ts';

const GUESSES_SECONDS = 86_400;

/** Guesses that cost no waiting, then the first wait, doubled with every further wrong guess up to the longest. */
const GUESSES_WITHOUT_DELAY = 5;
const DELAY_SECONDS_FIRST = 30;
const DELAY_SECONDS_MAX = 3600;

/** When the wrong guesses of the last day were made, of one user or of all, the latest first. */
export function recentGuesses(guesses: readonly WrongGuess[], now: Instant, userId?: string): readonly Instant[] {
  const wanted = userId === undefined ? guesses : guesses.filter((guess) => guess.userId === userId);
  return within(
    wanted.map(({ at }) => at),
    GUESSES_SECONDS,
    now,
  );
}

/** When this user's next guess at the address may be judged: 0 for at once. */
export function nextGuessAt(
  guesses: readonly WrongGuess[],
  userId: string,
  policy: Pick<Policy, 'wrongGuessesMax' | 'wrongGuessesPerUserMax'>,
  now: Instant,
): Instant {
  const [all, own] = [recentGuesses(guesses, now), recentGuesses(guesses, now, userId)];
  const [last] = own;
  const inAll = forgotten(all[GUESSES_IN_ALL_MAX - 1]);
  if (last === undefined) return inAll;
  const atAddress = Math.min(forgotten(all[policy.wrongGuessesMax - 1]), forgotten(last));
  const byUser = forgotten(own[policy.wrongGuessesPerUserMax - 1]);
  const beyond = own.length - GUESSES_WITHOUT_DELAY;
  const rested = beyond < 0 ? 0 : last + Math.min(DELAY_SECONDS_FIRST * 2 ** beyond, DELAY_SECONDS_MAX) * 1000;
  return Math.max(inAll, atAddress, byUser, rested);
}

/** When a guess no longer counts; 0 where there is none. */
const forgotten = (at: Instant | undefined): Instant => (at === undefined ? 0 : at + GUESSES_SECONDS * 1000);
