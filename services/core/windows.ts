/** Times that count in a window which ends now, and the clock that they are taken from. */
import type { Instant } from './events.ts';

/**
 * A clock that steps back by so much at most shortens nothing: the times of a stream go on from the last one. One that steps
 * back further was wrong before, and is believed again at once.
 */
export const STEP_BACK_MILLISECONDS_MAX = 60_000;

/** The time of a stream's next event: strictly later than its last, unless that one's clock was wrong. */
export function nextEventAt(lastEventAt: Instant, now: Instant): Instant {
  return lastEventAt - now > STEP_BACK_MILLISECONDS_MAX ? now : Math.max(now, lastEventAt + 1);
}

/**
 * The times within a window, the latest first. One that lies further ahead than the window is long comes from a clock that
 * was wrong, and counts for nothing; a nearer one counts, so that nobody waits for more than two windows.
 */
export function within(times: readonly Instant[], seconds: number, now: Instant): readonly Instant[] {
  return times.filter((at) => Math.abs(now - at) < seconds * 1000).toSorted((a, b) => b - a);
}
