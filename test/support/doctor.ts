/** The doctor's checks in this process, on an installation that a test describes by its environment. */
import { checks } from '../../services/cli/doctor/checks.ts';
import { createContext } from '../../services/cli/doctor/context.ts';
import { type Result, runChecks } from '../../services/cli/doctor/run.ts';
import { apiEnvironment, type ApiOptions } from './api.ts';

/** Nothing listens there: what is asked there is away. */
export const nowhere = { databaseUrl: 'postgres://nobody:x@127.0.0.1:9/nothing', sesUrl: 'http://127.0.0.1:9' };

/** The results of these checks, by name; all of them without names. */
export async function examine(
  options: Partial<ApiOptions>,
  names?: readonly string[],
): Promise<Readonly<Record<string, Result>>> {
  const context = createContext(apiEnvironment({ ...nowhere, ...options }), undefined);
  try {
    const wanted = checks.filter(({ name }) => names?.includes(name) ?? true);
    return Object.fromEntries((await runChecks(wanted, context)).map((result) => [result.name, result]));
  } finally {
    await context.close();
  }
}

/** The result of one check. */
export async function examineOne(options: Partial<ApiOptions>, name: string): Promise<Result> {
  const found = (await examine(options, [name]))[name];
  if (!found) throw new Error(`there is no check ${name}`);
  return found;
}
