/** Every mutant, room by room. */
import type { Mutant } from './mutant.ts';
import { appendMutants } from './rows/append.ts';
import { cliMutants } from './rows/cli.ts';
import { cliMoreMutants } from './rows/cli-more.ts';
import { doctorMutants } from './rows/doctor.ts';
import { doctorMoreMutants } from './rows/doctor-more.ts';
import { erasureLedgerMutants } from './rows/erasure-ledger.ts';
import { importMutants } from './rows/import.ts';
import { jobMutants } from './rows/jobs.ts';
import { jobMoreMutants } from './rows/jobs-more.ts';
import { localPostgresMutants } from './rows/local-postgres.ts';
import { localPostgresMoreMutants } from './rows/local-postgres-more.ts';
import { settingsOpsMutants } from './rows/settings-ops.ts';
import { startAndStopMutants } from './rows/start-and-stop.ts';

export const mutants: readonly Mutant[] = [
  ...appendMutants,
  ...jobMutants,
  ...jobMoreMutants,
  ...doctorMutants,
  ...doctorMoreMutants,
  ...cliMutants,
  ...cliMoreMutants,
  ...importMutants,
  ...localPostgresMutants,
  ...localPostgresMoreMutants,
  ...erasureLedgerMutants,
  ...startAndStopMutants,
  ...settingsOpsMutants,
];
