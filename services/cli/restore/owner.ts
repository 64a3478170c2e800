/** A database as its owner, for single statements that may take long. */
import { connect, type DatabaseOptions, type Pool } from '../../store/database.ts';

const STATEMENT_MILLISECONDS = 3_600_000;

export async function withOwner<T>(
  login: Pick<DatabaseOptions, 'url' | 'ssl'>,
  work: (sql: Pool) => Promise<T>,
): Promise<T> {
  const sql = connect({
    ...login,
    poolMax: 4,
    applicationName: 'sealpost-restore',
    statementTimeoutMilliseconds: STATEMENT_MILLISECONDS,
  });
  try {
    return await work(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}
