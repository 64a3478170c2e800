/** Every mutant, room by room. */
import type { Mutant } from './mutant.ts';
import { accountMutants2 } from './rows/accounts-2.ts';
import { accountMutants } from './rows/accounts.ts';
import { adminQueryMutants2 } from './rows/admin-queries-2.ts';
import { adminQueryMutants } from './rows/admin-queries.ts';
import { appendMutants2 } from './rows/append-2.ts';
import { appendMutants } from './rows/append.ts';
import { batchMutants2 } from './rows/batch-2.ts';
import { batchMutants } from './rows/batch.ts';
import { cleanUpMutants } from './rows/clean-up.ts';
import { databaseMutants2 } from './rows/database-2.ts';
import { databaseMutants3 } from './rows/database-3.ts';
import { databaseMutants } from './rows/database.ts';
import { erasureMutants2 } from './rows/erasure-2.ts';
import { erasureMutants } from './rows/erasure.ts';
import { keyMutants } from './rows/keys.ts';
import { limitMutants2 } from './rows/limits-2.ts';
import { limitMutants3 } from './rows/limits-3.ts';
import { limitMutants } from './rows/limits.ts';
import { migrationMutants2 } from './rows/migrations-2.ts';
import { migrationMutants3 } from './rows/migrations-3.ts';
import { migrationMutants } from './rows/migrations.ts';
import { outboxMutants2 } from './rows/outbox-2.ts';
import { outboxMutants } from './rows/outbox.ts';
import { queryMutants2 } from './rows/queries-2.ts';
import { queryMutants } from './rows/queries.ts';
import { rebuildMutants2 } from './rows/rebuild-2.ts';
import { rebuildMutants } from './rows/rebuild.ts';

export const mutants: readonly Mutant[] = [
  ...accountMutants2,
  ...accountMutants,
  ...adminQueryMutants2,
  ...adminQueryMutants,
  ...appendMutants2,
  ...appendMutants,
  ...batchMutants2,
  ...batchMutants,
  ...cleanUpMutants,
  ...databaseMutants2,
  ...databaseMutants3,
  ...databaseMutants,
  ...erasureMutants2,
  ...erasureMutants,
  ...keyMutants,
  ...limitMutants2,
  ...limitMutants3,
  ...limitMutants,
  ...migrationMutants2,
  ...migrationMutants3,
  ...migrationMutants,
  ...outboxMutants2,
  ...outboxMutants,
  ...queryMutants2,
  ...queryMutants,
  ...rebuildMutants2,
  ...rebuildMutants,
];
