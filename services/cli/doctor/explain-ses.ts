/** Why SES did not answer a question, and what to do: one table over all reasons. */
import { SesFailure, type SesFailureReason } from '../../mail/ses-account.ts';
import { type Finding, warning } from './check.ts';

const told: Readonly<Record<SesFailureReason, Readonly<{ what: string; todo: string }>>> = {
  credentials: {
    what: 'refuses the credentials',
    todo: 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to a key that lives, and AWS_REGION to its region.',
  },
  denied: {
    what: 'does not let the IAM user call it',
    todo: 'Attach the policy services/mail/iam-policy.json to the user.',
  },
  throttled: { what: 'was asked too often', todo: 'Run the doctor again in a minute.' },
  unreachable: {
    what: 'cannot be reached',
    todo: 'Look for a firewall or proxy between here and there, or correct AWS_REGION or SES_ENDPOINT.',
  },
  refused: { what: 'refuses the question', todo: 'Correct AWS_REGION and SES_FROM_EMAIL.' },
};

/** The end of a sentence that begins with SES, and what to do. */
export const explainSesFailure = ({ reason }: SesFailure): Readonly<{ what: string; todo: string }> => told[reason];

/** What a check says whose question was not answered. Undefined for any other error. */
export function sesNotChecked(error: unknown): Finding | undefined {
  if (!(error instanceof SesFailure)) return undefined;
  const { what, todo } = explainSesFailure(error);
  return warning(`Not checked: ses:${error.action} was not answered, SES ${what}.`, todo);
}
