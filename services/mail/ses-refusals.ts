/** What a failure of SES means: by its HTTP status first, since a 503 without XML has no usable name (AWS: SES API error codes). */
import { isSandboxed } from './smtp-refusals.ts';
import type { Fault, SendResult } from './transport.ts';
import { wordsOf } from './words.ts';

type SesError = Readonly<{ name?: string; message?: string; $metadata?: { httpStatusCode?: number } }>;

type Row = Readonly<{ name?: RegExp; status?: RegExp; says?: RegExp; fault: Fault }>;

/** The first that fits counts; what fits none is on no list. Names with and without `Exception` are the same. */
const rows: readonly Row[] = [
  { name: /^(?:Throttling|TooManyRequests|RequestLimitExceeded|LimitExceeded)/, says: /daily/i, fault: 'quota' },
  { status: /^429$/, says: /daily/i, fault: 'quota' },
  { name: /^(?:Throttling|TooManyRequests|RequestLimitExceeded)/, fault: 'session' },
  { status: /^429$/, fault: 'session' },
  { name: /^LimitExceeded/, fault: 'quota' },
  // An owner's own pause has a name; AWS pauses an account with a MessageRejected that says so.
  { name: /SendingPaused/, fault: 'paused' },
  { name: /^MessageRejected/, says: /sending paused/i, fault: 'paused' },
  { status: /^40[13]$/, fault: 'credentials' },
  {
    name: /^(?:ExpiredToken|RequestExpired|IncompleteSignature|MissingAuthenticationToken|InvalidClientTokenId|UnrecognizedClient|NotAuthorized)/,
    fault: 'credentials',
  },
  { name: /^MailFromDomainNotVerified|^FromEmailAddressNotVerified/, fault: 'sender' },
  { name: /^MessageRejected/, says: /not verified/i, fault: 'sender' },
  { name: /^ConfigurationSetDoesNotExist|^AccountSuspended/, fault: 'account' },
  { status: /^404$/, fault: 'account' },
  { name: /^MessageRejected/, fault: 'message' },
  { status: /^413$/, fault: 'message' },
  {
    name: /^InvalidParameterValue/,
    says: /final '@domain'|illegal (?:character|address)|local address|control or whitespace|domain (?:contains|starts|ends|name)/i,
    fault: 'recipient',
  },
];

/** Reads what the SDK threw of one attempt at a mail to the recipient. */
export function classify(error: unknown, recipient: string): SendResult {
  const { name = '', message = '', $metadata } = error as SesError;
  const status = $metadata?.httpStatusCode;
  if (status === undefined) return { kind: wasReached(error) ? 'unsure' : 'unreached' };
  const words = wordsOf(`${name}: ${message}`, recipient);
  // Unavailable is said before anything is taken; of every other server error that is not known.
  if (status === 503) return { kind: 'throttled', refusal: { fault: 'session', status, words } };
  if (status >= 500 || status < 400) return { kind: 'unsure' };
  const fault = isSandboxed(message, recipient) ? 'recipient' : faultOf(name, status, words);
  const refusal = { fault, status, words };
  switch (fault) {
    case 'session':
      return { kind: 'throttled', refusal };
    case 'recipient':
    case 'message':
      return { kind: 'rejected', refusal };
    case 'unlisted':
      return { kind: 'disputed', refusal };
    default:
      return { kind: 'unavailable', reason: fault, refusal };
  }
}

function faultOf(name: string, status: number, words: string): Fault {
  const row = rows.find(
    (one) =>
      (one.name?.test(name) ?? true) && (one.status?.test(String(status)) ?? true) && (one.says?.test(words) ?? true),
  );
  return row?.fault ?? 'unlisted';
}

// What a connection fails with before a byte of the request is sent: no such name, refused, no route, no trust.
const NOT_CONNECTED =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_|EHOSTUNREACH|ENETUNREACH|ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/;

/** False where no connection came about; a name with several addresses fails with one error for each. */
function wasReached(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(wasReached);
  const { code = '', syscall = '', message = '' } = error as NodeJS.ErrnoException;
  const failed = NOT_CONNECTED.test(code) || /^(?:connect|getaddrinfo)$/.test(syscall);
  return !failed && !/did not establish a connection|before secure TLS connection/.test(message);
}
