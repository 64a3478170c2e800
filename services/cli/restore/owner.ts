/** A database as its owner, for single statements that may take long. */
import { type DatabaseOptions, type Pool, withPool } from '../../store/database.ts';

const STATEMENT_MILLISECONDS = 3_600_000;

export const inDatabaseOf = <T>(
  login: Pick<DatabaseOptions, 'url' | 'ssl'>,
  work: (sql: Pool) => Promise<T>,
): Promise<T> =>
  withPool(
    {
      ...login,
      poolMax: 4,
      applicationName: 'sealpost-restore',
      statementTimeoutMilliseconds: STATEMENT_MILLISECONDS,
    },
    work,
  );
