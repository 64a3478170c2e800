/** Reads what a SendEmail or SendRawEmail call asks for: sender, recipients and content. */
import { readAddress, readAddresses } from './addresses.ts';
import { invalidParameter, SesError } from './answers.ts';

/** A mail as it came in: whole MIME bytes, or the fields that SES itself makes MIME of. */
export type Content =
  | { kind: 'raw'; bytes: Buffer }
  | {
      kind: 'composed';
      from: string;
      to: string[];
      cc: string[];
      replyTo: string[];
      subject: string;
      text: string;
      html: string;
    };
/** `senders` are all addresses that must be verified: the envelope's and the From header's. */
export type Submission = Readonly<{ from: string; senders: string[]; to: string[]; content: Content }>;

const RECIPIENTS_MAX = 50;
// SES drops these bodies' charsets here: the query protocol is UTF-8 already.
const recipientLists = ['Destination.ToAddresses', 'Destination.CcAddresses', 'Destination.BccAddresses'] as const;

/** Throws SesError ValidationError or InvalidParameterValue. Source: "SendEmail". */
export function readSendEmail(params: URLSearchParams): Submission {
  const source = required(params, 'Source');
  const [to, cc, bcc] = recipientLists.map((name) => members(params, name)) as [string[], string[], string[]];
  const subject = required(params, 'Message.Subject.Data');
  const text = params.get('Message.Body.Text.Data') ?? '';
  const html = params.get('Message.Body.Html.Data') ?? '';
  if (text === '' && html === '') throw invalidParameter('Message body is empty.');
  if (/[\r\n]/.test(subject)) throw invalidParameter('Subject contains a line break.');
  const replyTo = members(params, 'ReplyToAddresses');
  replyTo.forEach(readAddress);
  const from = readAddress(source);
  return {
    from,
    senders: [from],
    to: recipients([...to, ...cc, ...bcc].map(readAddress)),
    content: { kind: 'composed', from: source, to, cc, replyTo, subject, text, html },
  };
}

/** Recipients are Destinations when given, else the To, Cc and Bcc headers. Throws as above. Source: "SendRawEmail". */
export function readSendRawEmail(params: URLSearchParams): Submission {
  const bytes = Buffer.from(required(params, 'RawMessage.Data'), 'base64');
  const headers = addressHeaders(bytes);
  const [headerFrom = ''] = headers.get('from') ?? [];
  if (headerFrom === '') throw invalidParameter("Missing required header 'From'.");
  const authors = readAddresses(headerFrom);
  const source = params.get('Source');
  const from = source === null || source === '' ? authors[0] : readAddress(source);
  if (from === undefined) throw invalidParameter("Missing required header 'From'.");
  const destinations = members(params, 'Destinations').map(readAddress);
  const named = ['to', 'cc', 'bcc'].flatMap((name) => headers.get(name) ?? []);
  const to = recipients(destinations.length > 0 ? destinations : named.flatMap(readAddresses));
  return { from, senders: [from, ...authors], to, content: { kind: 'raw', bytes } };
}

function recipients(addresses: readonly string[]): string[] {
  if (addresses.length === 0) throw invalidParameter("Missing required header 'To'.");
  if (addresses.length > RECIPIENTS_MAX) throw invalidParameter(`Recipient count exceeds ${RECIPIENTS_MAX}.`);
  return [...new Set(addresses)];
}

function required(params: URLSearchParams, name: string): string {
  const value = params.get(name);
  if (value !== null && value !== '') return value;
  const field = name.charAt(0).toLowerCase() + name.slice(1);
  const detail = `Value null at '${field}' failed to satisfy constraint: Member must not be null`;
  throw new SesError(400, 'ValidationError', `1 validation error detected: ${detail}`);
}

// An empty list arrives as `Name=` without members, and counts as absent.
function members(params: URLSearchParams, name: string): string[] {
  const found: string[] = [];
  for (let number = 1; number <= RECIPIENTS_MAX + 1; number += 1) {
    const value = params.get(`${name}.member.${number}`);
    if (value === null) break;
    found.push(value);
  }
  return found;
}

// Only the address headers are read here: MIME is parsed when somebody opens the mail, not when it is sent.
function addressHeaders(bytes: Buffer): Map<string, string[]> {
  const crlf = bytes.indexOf('\r\n\r\n');
  const lf = bytes.indexOf('\n\n');
  const end = Math.min(crlf < 0 ? bytes.length : crlf, lf < 0 ? bytes.length : lf);
  const unfolded = bytes.toString('utf8', 0, end).replace(/\r?\n[ \t]+/g, ' ');
  const found = new Map<string, string[]>();
  for (const [, name = '', value = ''] of unfolded.matchAll(/^(from|to|cc|bcc):(.*)$/gim)) {
    const key = name.toLowerCase();
    found.set(key, [...(found.get(key) ?? []), value.trim()]);
  }
  return found;
}
