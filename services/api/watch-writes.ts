/** Whether what is to be recorded is recorded: a database that answers but takes no writes, such as one whose disk is full, serves nobody. */
import type { StoreUnavailable } from '../store/database.ts';

/** Longer than a probe asks (10 s), and over soon, since a request that fails may have been the last for hours. */
const REMEMBERED_MILLISECONDS = 20_000;

export type WriteWatch = Readonly<{
  /** What became of the newest batch that was to be recorded. */
  saw(failure: StoreUnavailable | undefined): void;
  /** The newest one failed, and a moment ago. */
  fails(): boolean;
}>;

export function createWriteWatch(): WriteWatch {
  let failedAt = -Infinity;
  return {
    saw: (failure) => {
      failedAt = failure ? performance.now() : -Infinity;
    },
    fails: () => performance.now() - failedAt < REMEMBERED_MILLISECONDS,
  };
}
