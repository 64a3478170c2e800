/** MA6, MA7: the guide's monthly maintenance of the database. */
import { resetStatistics, vacuumTables } from '../../store/maintenance.ts';
import type { JobServices } from '../job.ts';

/** Returns how many tables were vacuumed and analyzed. */
export async function maintain({ slowSql, say }: Pick<JobServices, 'slowSql' | 'say'>): Promise<number> {
  // First, since it also resets what autovacuum goes by, which the vacuum then counts anew.
  const reset = await resetStatistics(slowSql);
  const { done, left } = await vacuumTables(slowSql);
  const notes = [
    ...(reset ? [] : ['the statistics were not reset: the owner of the tables may not call pg_stat_reset()']),
    ...(left.length > 0 ? [`left to autovacuum, for lack of the right MAINTAIN: ${left.join(', ')}`] : []),
  ];
  if (notes.length > 0) say(notes.join('; '));
  return done;
}
