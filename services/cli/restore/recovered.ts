/** A base backup and its WAL as what can be restored: replayed in a PostgreSQL of its own, which is asked what it holds. */
import { join } from 'node:path';
import { checkBase, type WholeBase } from '../../backup/base.ts';
import { copyDatabase } from '../../backup/load.ts';
import { recover } from '../../backup/recovery.ts';
import type { Scratch } from '../../backup/scratch.ts';
import { countRows, listTables, readLogFacts } from '../../store/carry-over.ts';
import { newestApplied } from '../../store/migrate.ts';
import { databaseOf, inDatabase } from '../admin-url.ts';
import { showStep } from '../progress.ts';
import { inDatabaseOf } from './owner.ts';
import { RestoreRefused } from './refusals.ts';
import type { Place, Source } from './source.ts';

/** Nothing is changed by it. Throws RestoreRefused where base or WAL are damaged or end too early. */
export async function recoveredSource(
  base: WholeBase,
  until: Date | undefined,
  walFolder: string,
  { login, databases, place, signal }: Place,
): Promise<Source> {
  const step = showStep();
  step.at(`reading ${base.name}`);
  const problems = await checkBase(base, place, signal);
  if (problems.length > 0) throw new RestoreRefused(`${problems.join('\n')}\nNothing was changed.`);
  const options = { base, place, folder: join(walFolder, 'scratch'), until, signal, say: step.at };
  const scratch = await recover(options);
  step.end();
  try {
    return await asSource(scratch);
  } catch (error) {
    await scratch.close();
    throw error;
  }

  async function asSource({ login: loginTo, close }: Scratch): Promise<Source> {
    const from = loginTo(databaseOf(login));
    const facts = await inDatabaseOf(from, async (sql) => {
      const schema = await newestApplied(sql);
      if (!schema) throw new RestoreRefused(`${base.name} has no Sealpost in the database ${databaseOf(login)}.`);
      const { events, position, newestAt } = await readLogFacts(sql);
      return {
        events,
        position,
        schema,
        ...(newestAt && { made_at: newestAt.toISOString() }),
        rows: await countRows(sql, await listTables(sql)),
      };
    });
    const { server, keys } = base.manifest;
    return {
      name: `${base.name} and its WAL${until ? ` to ${until.toISOString()}` : ''}`,
      facts: { ...facts, server, keys: [...keys] },
      check: async () => [],
      fill: async (target, stopped) => {
        await databases.make(target);
        await copyDatabase({ from, database: inDatabase(login, target), place, signal: stopped });
      },
      close,
    };
  }
}
