/** The rates of bounces and complaints over two weeks, against those at which Amazon reviews and pauses an account. */
import type { SendStatistics } from '../../mail/ses-account.ts';
import { type Finding, ok, warning, wrong } from './check.ts';
import type { DoctorContext } from './context.ts';

const MAILS_MIN = 100;
// Amazon SES: "Sending review process FAQs": review from 5 % and 0.1 %, a pause from 10 % and 0.5 %.
const BOUNCES = { warning: 0.05, wrong: 0.1 };
const COMPLAINTS = { warning: 0.001, wrong: 0.005 };

export async function checkReputation({ ses }: DoctorContext): Promise<Finding> {
  return judgeReputation(await ses().statistics());
}

export function judgeReputation({ attempts, bounces, complaints, rejects }: SendStatistics): Finding {
  const counts = `${attempts} mails in two weeks, ${bounces} bounces, ${complaints} complaints, ${rejects} rejects`;
  if (attempts < MAILS_MIN) return ok(`${counts}: too few to judge.`);
  const bounced = bounces / attempts;
  const complained = complaints / attempts;
  const what = `${counts}: ${percent(bounced)} bounced, ${percent(complained)} complained.`;
  const todo =
    'Find out which app asks for such addresses, and slow it down: Amazon pauses accounts at 10 % and 0.5 %.';
  if (bounced >= BOUNCES.wrong || complained >= COMPLAINTS.wrong) return wrong(what, todo);
  return bounced >= BOUNCES.warning || complained >= COMPLAINTS.warning ? warning(what, todo) : ok(what);
}

const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;
