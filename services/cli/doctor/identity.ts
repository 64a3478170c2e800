/** Whether SES has verified the sender: its address, its domain or a domain above; it fails unless one of them is Success. */
import type { Identity } from '../../mail/ses-account.ts';
import { domainOf } from '../../mail/ses-account.ts';
import { type Finding, ok, warning, wrong } from './check.ts';
import type { DoctorContext } from './context.ts';

export async function checkIdentity({ mail, senders }: DoctorContext): Promise<Finding> {
  return judgeIdentity(mail().fromEmail, await senders());
}

export function judgeIdentity(address: string, known: readonly Identity[]): Finding {
  const domain = domainOf(address);
  const create = `Create the records that "sealpost dns" prints, and wait: SES looks for up to 72 hours.`;
  const told = known.map(({ name, verification }) => `${name} is ${verification}`).join(', ');
  if (known.length === 0) {
    return wrong(
      `SES knows neither ${address} nor ${domain}, in this region and account.`,
      `Run "aws ses verify-domain-identity --domain ${domain}", then create the records that "sealpost dns" prints.`,
    );
  }
  const verified = known.filter(({ verification }) => verification === 'Success');
  if (verified.length === 0) return wrong(`The sender is not verified: ${told}.`, create);
  if (verified.every(({ name }) => name.includes('@'))) {
    return warning(
      `Only the address is verified (${told}): its mails cannot be signed for ${domain}.`,
      `Verify the domain: "aws ses verify-domain-identity --domain ${domain}". ${create}`,
    );
  }
  return ok(`The sender ${address} is verified: ${told}.`);
}
