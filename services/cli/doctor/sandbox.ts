/** Whether the account is in the sandbox, where only verified recipients get mail. */
import type { SendQuota } from '../../mail/ses-account.ts';
import { type Finding, ok, warning, wrong } from './check.ts';
import type { DoctorContext } from './context.ts';

const SANDBOX_PER_DAY = 200;
const SANDBOX_PER_SECOND = 1;

export async function checkSandbox({ quota, production }: DoctorContext): Promise<Finding> {
  return judgeSandbox(await quota(), production);
}

export function judgeSandbox({ perDayMax, perSecondMax }: SendQuota, production: boolean): Finding {
  const inSandbox = perDayMax >= 0 && perDayMax <= SANDBOX_PER_DAY && perSecondMax <= SANDBOX_PER_SECOND;
  if (!inSandbox) return ok('The account is out of the sandbox.');
  return (production ? wrong : warning)(
    `The account is in the sandbox (${perDayMax} mails a day, ${perSecondMax}/s): only verified recipients get mail.`,
    'Ask for production access: AWS console, SES, Account dashboard, Request production access.',
  );
}
