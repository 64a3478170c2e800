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

/** SQLSTATE of a full disk or another resource, and of a standby. Whatever else fails may be over with the next try. */
const NO_WRITES = /^(?:53|25006|0A000)/;

export function createWriteWatch(): WriteWatch {
  let failedAt = -Infinity;
  let inARow = 0;
  return {
    saw: (failure) => {
      inARow = failure ? inARow + 1 : 0;
      if (!failure) failedAt = -Infinity;
      else if (inARow > 1 || NO_WRITES.test(codeOf(failure))) failedAt = performance.now();
    },
    fails: () => performance.now() - failedAt < REMEMBERED_MILLISECONDS,
  };
}

const codeOf = ({ cause }: StoreUnavailable): string =>
  String((cause as NodeJS.ErrnoException | undefined)?.code ?? '');
