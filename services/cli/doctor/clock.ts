/** How far the clocks of this process and of the database are apart: tokens go by the one, codes by the other. */
import { readClockDifference } from '../../store/server-facts.ts';
import { type Finding, ok, warning, wrong } from './check.ts';
import type { DoctorContext } from './context.ts';

const WARNING_MILLISECONDS = 2000;
const WRONG_MILLISECONDS = 30_000;

export async function checkClock({ schema }: DoctorContext): Promise<Finding> {
  return judgeClock(Math.round(await readClockDifference(await schema())));
}

/** By the milliseconds that the database's clock is ahead. */
export function judgeClock(difference: number): Finding {
  const apart = Math.abs(difference);
  const what = `The database's clock is ${(apart / 1000).toFixed(apart < 1000 ? 3 : 0)} s ${difference < 0 ? 'behind' : 'ahead'}.`;
  const todo = 'Let both machines keep their time (NTP), and look which of them is off.';
  if (apart > WRONG_MILLISECONDS) return wrong(what, todo);
  return apart > WARNING_MILLISECONDS ? warning(what, todo) : ok(what);
}
