/** Whether the database has this program's schema. */
import { assertSchema, SchemaMismatch } from '../../store/migrate.ts';
import { type Finding, NotChecked, ok, wrong } from './check.ts';
import type { DoctorContext } from './context.ts';

export async function checkSchema({ database }: DoctorContext): Promise<Finding> {
  const sql = await database().catch(() => {
    throw new NotChecked('the database does not answer');
  });
  try {
    await assertSchema(sql);
    return ok('The schema is up to date.');
  } catch (error) {
    if (!(error instanceof SchemaMismatch)) throw error;
    const [what = '', todo] = error.message.split(/: (?=run )/);
    return wrong(`${what}.`, todo ? `${todo.charAt(0).toUpperCase()}${todo.slice(1)}` : 'Run "sealpost migrate".');
  }
}
