/** Whether SES signs the sender's mails (DKIM), by the identity that it takes for them: the nearest that is known. */
import type { Identity } from '../../mail/ses-account.ts';
import { type Finding, NotChecked, ok, warning, wrong } from './check.ts';
import type { DoctorContext } from './context.ts';

export async function checkDkim({ senders }: DoctorContext): Promise<Finding> {
  return judgeDkim(signingDomain(await senders()));
}

/** The nearest domain that SES knows; Easy DKIM signs for it and what is below. Throws NotChecked where none is. */
export function signingDomain(known: readonly Identity[]): Identity {
  const domain = known.find(({ name }) => !name.includes('@'));
  if (!domain) throw new NotChecked("SES does not know the sender's domain");
  return domain;
}

export function judgeDkim({ name, dkim: { enabled, status, tokens } }: Identity): Finding {
  const keys = tokens.length > 0 ? `, tokens ${tokens.join(', ')}` : '';
  if (status === 'Success' && enabled) return ok(`Mails are signed for ${name} (DKIM is Success${keys}).`);
  if (status === 'Success') {
    return wrong(
      `DKIM of ${name} is verified and not enabled: mails go out unsigned.`,
      `Run "aws ses set-identity-dkim-enabled --identity ${name} --dkim-enabled".`,
    );
  }
  const what = `Mails are not signed for ${name}: DKIM is ${status}${keys}.`;
  if (status === 'NotStarted') {
    return wrong(what, `Run "aws ses verify-domain-dkim --domain ${name}", then create the records of "sealpost dns".`);
  }
  const todo = 'Create the three CNAME records that "sealpost dns" prints, and wait: SES looks for up to 72 hours.';
  return status === 'Failed' ? wrong(what, todo) : warning(what, todo);
}
