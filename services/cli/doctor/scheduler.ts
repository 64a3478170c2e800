/** Whether the scheduler works, by what it leaves undone: codes whose time is over and that nobody closed. */
import { readOverdueSeconds } from '../../store/server-facts.ts';
import { type Finding, ok, wrong } from './check.ts';
import type { DoctorContext } from './context.ts';

const OVERDUE_SECONDS_MAX = 300;

export async function checkScheduler({ schema }: DoctorContext): Promise<Finding> {
  return judgeOverdue(await readOverdueSeconds(await schema()));
}

export function judgeOverdue(seconds: number): Finding {
  if (seconds <= OVERDUE_SECONDS_MAX) return ok('Codes are closed when their time is over.');
  return wrong(
    `A code is still open ${Math.round(seconds / 60)} minutes after its time was over.`,
    'Start the scheduler, or look into its log.',
  );
}
