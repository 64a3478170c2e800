/** A clock by which a claim runs out: it goes on while the process is stopped, and while the machine sleeps. */

/** By less the wall clock is only set right. */
const STEP_MILLISECONDS = 1000;

/** Milliseconds that never run back. performance.now() counts a stopped process, and of a machine that sleeps only the wall clock knows. */
export function createClock(monotonic = () => performance.now(), wall = () => Date.now()): () => number {
  let offset = wall() - monotonic();
  let slept = 0;
  return () => {
    const awake = monotonic();
    const ahead = wall() - awake - offset;
    if (ahead >= STEP_MILLISECONDS) slept += ahead;
    if (ahead >= STEP_MILLISECONDS || ahead < 0) offset += ahead;
    return awake + slept;
  };
}
