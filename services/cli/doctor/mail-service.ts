/** Checks of Amazon SES: that it lets us in, knows the sender, signs its mails and takes as many as are wanted. */
import {
  type Identity,
  type SendQuota,
  type SendStatistics,
  SesFailure,
  type SesFailureReason,
  domainOf,
} from '../../mail/ses-account.ts';
import { isServed } from '../../config/edge.ts';
import type { DoctorContext } from './context.ts';
import { type Finding, NotChecked, ok, warning, wrong } from './finding.ts';

/** Whether Amazon SES answers and takes the credentials. */
export async function checkSes({ mail, quota, environment }: DoctorContext): Promise<Finding> {
  const { region, endpoint } = mail();
  const name = endpoint ? `The SES at ${endpoint}` : `Amazon SES in ${region}`;
  try {
    await quota();
    if (endpoint && new URL(endpoint).hostname === 'mailbox' && isServed(environment)) {
      const what = `${name} answers, and keeps every mail to itself: nobody gets a code.`;
      return warning(what, 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and no SES_ENDPOINT.');
    }
    return ok(`${name} answers and accepts the credentials.`);
  } catch (error) {
    if (!(error instanceof SesFailure)) throw error;
    const { what, todo } = explainSesFailure(error);
    return wrong(`${name} ${what} (${error.action}).`, todo);
  }
}

const explanations: Readonly<Record<SesFailureReason, Readonly<{ what: string; todo: string }>>> = {
  credentials: {
    what: 'refuses the credentials',
    todo: 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to a key that is active, and AWS_REGION to its region.',
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
  refused: { what: 'refuses the request', todo: 'Correct AWS_REGION and SES_FROM_EMAIL.' },
};

/** The end of a sentence that begins with SES, and what to do. */
const explainSesFailure = ({ reason }: SesFailure): Readonly<{ what: string; todo: string }> => explanations[reason];

/** What a check says whose question was not answered. Undefined for any other error. */
export function sesNotChecked(error: unknown): Finding | undefined {
  if (!(error instanceof SesFailure)) return undefined;
  const { what, todo } = explainSesFailure(error);
  return warning(`Not checked: ses:${error.action} was not answered, SES ${what}.`, todo);
}

/** Whether SES has verified the sender: its address, its domain or a domain above; it fails unless one of them is Success. */
export async function checkIdentity({ mail, senders }: DoctorContext): Promise<Finding> {
  return judgeIdentity(mail().fromEmail, await senders());
}

export function judgeIdentity(address: string, known: readonly Identity[]): Finding {
  const domain = domainOf(address);
  const create = `Create the records that "sealpost dns" prints, and wait: SES keeps checking for up to 72 hours.`;
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

/** Whether SES signs the sender's mails (DKIM), by the identity that it takes for them: the nearest that is known. */
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
  const todo =
    'Create the three CNAME records that "sealpost dns" prints, and wait: SES keeps checking for up to 72 hours.';
  return status === 'Failed' ? wrong(what, todo) : warning(what, todo);
}

const SANDBOX_PER_DAY = 200;
const SANDBOX_PER_SECOND = 1;

/** Whether the account is in the sandbox, where only verified recipients get mail. */
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

const WARNING_SHARE = 0.8;

/** How much of the day's quota is left. */
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

const MAILS_MIN = 100;
// Amazon SES: "Sending review process FAQs": review from 5 % and 0.1 %, a pause from 10 % and 0.5 %.
const BOUNCES = { warning: 0.05, wrong: 0.1 };
const COMPLAINTS = { warning: 0.001, wrong: 0.005 };

/** The rates of bounces and complaints over two weeks, against those at which Amazon reviews and pauses an account. */
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
