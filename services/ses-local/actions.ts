/** Speaks the query protocol: picks the action of a form body, runs it, and turns every refusal into SES's XML. */
import { element, failure, invalidParameter, list, map, SesError, success } from './answers.ts';
import { dkimTokens, verificationToken } from './identities.ts';
import { type SendingAccount, type Answer, isSendAction, send } from './send.ts';

type Read = (account: SendingAccount, params: URLSearchParams, now: number) => string;

const VERSION = '2010-12-01';
const IDENTITIES_MAX = 100;

// Source of each: the page of its name in the "Amazon SES API Reference".
const reads: Readonly<Record<string, Read>> = {
  GetSendQuota({ quota }, _params, now) {
    const { max24HourSend, maxSendRate, sentLast24Hours } = quota.numbers(now);
    return (
      element('Max24HourSend', max24HourSend) +
      element('SentLast24Hours', sentLast24Hours) +
      element('MaxSendRate', maxSendRate)
    );
  },
  GetSendStatistics({ statistics }, _params, now) {
    const points = statistics
      .points(now)
      .map(
        (point) =>
          element('Timestamp', new Date(point.timestamp).toISOString()) +
          element('DeliveryAttempts', point.deliveryAttempts) +
          element('Bounces', point.bounces) +
          element('Complaints', point.complaints) +
          element('Rejects', point.rejects),
      );
    return list('SendDataPoints', points);
  },
  GetIdentityVerificationAttributes: (account, params) =>
    map(
      'VerificationAttributes',
      entries(account, params, (identity, status) => {
        const token = identity.includes('@') ? '' : element('VerificationToken', verificationToken(identity));
        return element('VerificationStatus', status) + token;
      }),
    ),
  GetIdentityDkimAttributes: (account, params) =>
    map(
      'DkimAttributes',
      entries(account, params, (identity) => {
        const { enabled = false, status = 'NotStarted' } = account.identities.dkim(identity) ?? {};
        return element('DkimEnabled', enabled) + element('DkimVerificationStatus', status) + tokensOf(identity);
      }),
    ),
  VerifyDomainIdentity(account, params) {
    const domain = domainOf(params);
    account.identities.submit(domain);
    return element('VerificationToken', verificationToken(domain));
  },
  VerifyDomainDkim(account, params) {
    const domain = domainOf(params);
    account.identities.submit(domain);
    return tokensOf(domain);
  },
};

/** Never throws a SesError: a refusal is an answer. The signature is the caller's to check before. */
export function perform(account: SendingAccount, form: string, requestId: string, now: number): Answer {
  try {
    const params = new URLSearchParams(form);
    const action = params.get('Action') ?? '';
    const unknown = `Could not find operation ${action} for version ${params.get('Version') ?? ''}`;
    if (params.get('Version') !== VERSION) throw new SesError(400, 'InvalidAction', unknown);
    if (!isSendAction(action) && !Object.hasOwn(reads, action)) throw new SesError(400, 'InvalidAction', unknown);
    account.permissions.use(action);
    if (isSendAction(action)) return send(account, action, params, requestId, now);
    return xml(200, success(action, reads[action]?.(account, params, now) ?? '', requestId));
  } catch (error) {
    return refusal(error, requestId);
  }
}

/** The XML answer to a SesError; anything else is thrown on. */
export function refusal(error: unknown, requestId: string): Answer {
  if (!(error instanceof SesError)) throw error;
  return xml(error.status, failure(error, requestId));
}

const xml = (status: number, body: string): Answer => ({ kind: 'xml', status, body, delayMilliseconds: 0 });

function entries(
  { identities }: SendingAccount,
  params: URLSearchParams,
  describe: (identity: string, status: string) => string,
): [string, string][] {
  const found: [string, string][] = [];
  for (let number = 1; number <= IDENTITIES_MAX; number += 1) {
    const identity = params.get(`Identities.member.${number}`);
    if (identity === null) break;
    const status = identities.status(identity);
    if (status) found.push([identity, describe(identity, status)]);
  }
  return found;
}

// The tokens are hex, so they are XML already.
const tokensOf = (identity: string): string =>
  list('DkimTokens', dkimTokens(identity.slice(identity.lastIndexOf('@') + 1)));

function domainOf(params: URLSearchParams): string {
  const domain = params.get('Domain') ?? '';
  if (domain.length > 253 || !/^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/.test(domain))
    throw invalidParameter(`Invalid domain name ${domain}.`);
  return domain;
}
