/** Whether the read tables are what the log says, for some addresses drawn by chance; "rebuild --check" looks at all. */
import { compareSample } from '../../store/sample.ts';
import { type Finding, ok, wrong } from './check.ts';
import type { DoctorContext } from './context.ts';

const DRAWS = 200;

export async function checkReadTables({ schema }: DoctorContext): Promise<Finding> {
  const { addresses, rowsDiffering } = await compareSample(await schema(), DRAWS);
  if (rowsDiffering === 0) return ok(`The read tables are what the log says, for ${addresses} addresses drawn.`);
  return wrong(
    `${rowsDiffering} rows of the read tables are not what the log says, for ${addresses} addresses drawn.`,
    'Find out who wrote to them; "sealpost rebuild --check" counts all, "sealpost rebuild" puts them right.',
  );
}
