/** Every mutant, room by room. */
import type { Mutant } from './mutant.ts';
import { adminQueryMutants2 } from './rows/admin-queries-2.ts';
import { adminQueryMutants } from './rows/admin-queries.ts';
import { appendMutants2 } from './rows/append-2.ts';
import { appendMutants } from './rows/append.ts';
import { batchMutants2 } from './rows/batch-2.ts';
import { batchMutants } from './rows/batch.ts';
import { keyMutants } from './rows/keys.ts';
import { limitMutants2 } from './rows/limits-2.ts';
import { limitMutants } from './rows/limits.ts';
import { outboxMutants2 } from './rows/outbox-2.ts';
import { outboxMutants } from './rows/outbox.ts';
import { queryMutants2 } from './rows/queries-2.ts';
import { queryMutants } from './rows/queries.ts';

export const mutants: readonly Mutant[] = [
  ...adminQueryMutants2,
  ...adminQueryMutants,
  ...appendMutants2,
  ...appendMutants,
  ...batchMutants2,
  ...batchMutants,
  ...keyMutants,
  ...limitMutants2,
  ...limitMutants,
  ...outboxMutants2,
  ...outboxMutants,
  ...queryMutants2,
  ...queryMutants,
];
