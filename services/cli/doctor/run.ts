/** Makes every check at once, each bounded in time, and puts what is wrong first, the lowest layer before what stands on it. */
import type { Check } from './checks.ts';
import { type Finding, NotChecked, type Status, warning } from './finding.ts';
import type { DoctorContext } from './context.ts';
import { sesNotChecked } from './mail-service.ts';

export type Result = Finding & Readonly<{ name: string }>;

const CHECK_MILLISECONDS_MAX = 10_000;

const severity: Readonly<Record<Status, number>> = { wrong: 0, warning: 1, ok: 2, skipped: 2 };

/** The checks stand in the order of the layers. Never throws: what cannot be made says why. */
export async function runChecks(
  checks: readonly Check[],
  context: DoctorContext,
  milliseconds = CHECK_MILLISECONDS_MAX,
): Promise<readonly Result[]> {
  const results = await Promise.all(
    checks.map(async ({ name, look }): Promise<Result> => ({
      name,
      ...(await withinTime(look, context, milliseconds)),
    })),
  );
  return results.toSorted((a, b) => severity[a.status] - severity[b.status]);
}

async function withinTime(look: Check['look'], context: DoctorContext, milliseconds: number): Promise<Finding> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new NotChecked(`there was no answer in ${milliseconds / 1000} seconds`)),
    milliseconds,
  );
  try {
    return await Promise.race([(async () => look(context))(), late.promise]);
  } catch (error) {
    return sesNotChecked(error) ?? notMade(error);
  } finally {
    clearTimeout(timer);
  }
}

// An unforeseen error's own text may hold values; its name and code do not.
function notMade(error: unknown): Finding {
  const { name, code } = error as NodeJS.ErrnoException;
  const why = error instanceof NotChecked ? error.message : `it failed with ${[name, code].filter(Boolean).join(' ')}`;
  return warning(`Not checked: ${why}.`, 'Put right what is wrong first, then run the doctor again.');
}
