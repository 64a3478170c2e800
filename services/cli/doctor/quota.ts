/** How much of the day's quota is left. */
import type { SendQuota } from '../../mail/ses-account.ts';
import { type Finding, ok, warning, wrong } from './check.ts';
import type { DoctorContext } from './context.ts';

const WARNING_SHARE = 0.8;

export async function checkQuota({ quota }: DoctorContext): Promise<Finding> {
  return judgeQuota(await quota());
}

export function judgeQuota({ perDayMax, sentLastDay, perSecondMax }: SendQuota): Finding {
  if (perDayMax < 0) return ok(`${sentLastDay} mails in 24 hours, without a limit; ${perSecondMax}/s.`);
  const share = perDayMax === 0 ? 1 : sentLastDay / perDayMax;
  const what = `${sentLastDay} of ${perDayMax} mails in 24 hours (${Math.floor(share * 100)} %), ${perSecondMax}/s at most.`;
  const todo = 'Ask for more: AWS console, Service Quotas, Amazon SES, Sending quota.';
  if (share >= 1) return wrong(what, todo);
  return share >= WARNING_SHARE ? warning(what, todo) : ok(what);
}
