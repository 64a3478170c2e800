/** Whether mails wait longer than they should. */
import { outboxSize } from '../../store/outbox.ts';
import { type Finding, ok, warning, wrong } from './check.ts';
import type { DoctorContext } from './context.ts';

const WARNING_SECONDS = 30;
const WRONG_SECONDS = 120;

export async function checkOutbox({ schema }: DoctorContext): Promise<Finding> {
  return judgeOutbox(await outboxSize(await schema()));
}

export function judgeOutbox({ mails, oldestSeconds }: Awaited<ReturnType<typeof outboxSize>>): Finding {
  if (mails === 0) return ok('No mail waits.');
  const what = `${mails} mails wait, the oldest for ${Math.round(oldestSeconds)} s.`;
  const todo = 'Look above for what SES or the api lacks, then into the log of the api.';
  if (oldestSeconds > WRONG_SECONDS) return wrong(what, todo);
  return oldestSeconds > WARNING_SECONDS ? warning(what, todo) : ok(what);
}
