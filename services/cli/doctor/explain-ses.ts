/** Why SES did not answer a question, and what to do: one table over all reasons. */
import { SesFailure, type SesFailureReason } from '../../mail/ses-account.ts';
import { type Finding, warning } from './check.ts';

const told: Readonly<Record<SesFailureReason, { what: string; todo: string }>> = {
  credentials: {
    what: 'SES refuses the credentials',
    todo: 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to a key that lives, and AWS_REGION to its region.',
  },
  denied: {
    what: 'the IAM user may not call it',
    todo: 'Attach the policy services/mail/iam-policy.json to the user.',
  },
  clock: {
    what: 'the clock of this machine is more than a few minutes off',
    todo: 'Set the clock, and let it be kept (NTP).',
  },
  throttled: { what: 'SES was asked too often', todo: 'Run the doctor again in a minute.' },
  unreachable: {
    what: 'SES is not reachable',
    todo: 'Open the way to port 443 of email.<AWS_REGION>.amazonaws.com, or correct AWS_REGION and SES_ENDPOINT.',
  },
  refused: { what: 'SES refuses the question', todo: 'Correct AWS_REGION and SES_FROM_EMAIL.' },
};

/** Undefined for any other error. */
export function explainSesFailure(error: unknown): Finding | undefined {
  if (!(error instanceof SesFailure)) return undefined;
  const { what, todo } = told[error.reason];
  return warning(`Not checked, ses:${error.action}: ${what}.`, todo);
}
