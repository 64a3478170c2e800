/** What a server's refusal means by its stage, its codes (RFC 5321, 4.2; RFC 3463) and its words: whose it is, and what follows. */
import type { Fault, Refusal, SendResult } from './transport.ts';
import { wordsOf } from './words.ts';

/** `connect` to `login`: before the mail was spoken of; `message`: DATA, and what is said after the mail. */
type Stage = 'connect' | 'login' | 'sender' | 'recipient' | 'message';

type Reply = Readonly<{ stage: Stage; code: number; status: string; words: string }>;

/** As nodemailer's smtp-connection throws it. */
export type SmtpError = Readonly<{ code?: string; command?: string; responseCode?: number; response?: string }>;

type Row = Readonly<{ at: readonly Stage[]; reply?: RegExp; status?: RegExp; says?: RegExp; fault: Fault }>;

const ALL = ['sender', 'recipient', 'message'] as const;
const ANY = ['login', ...ALL] as const;
const NAMED = ['recipient', 'message'] as const;

/** The first that fits counts; what fits none is the session's where it is for now (4), else on no list. */
const rows: readonly Row[] = [
  // Said of the session, whatever the stage.
  { at: ALL, reply: /^(?:421|503)/, fault: 'session' },
  // A status that says which address it is about goes before words, which others may have chosen.
  { at: NAMED, says: /send ?as ?denied|as this sender|outbound sender/i, fault: 'sender' },
  { at: NAMED, status: /^[45]\.(?:1\.(?:[0-46]|10)|2\.[0-24])$/, fault: 'recipient' },
  { at: NAMED, status: /^[45]\.(?:2\.3|3\.4|6\.\d+)$/, fault: 'message' },
  { at: NAMED, says: /recipient address rejected/i, fault: 'recipient' },
  { at: ALL, status: /^[45]\.(?:4\.5|1\.90)$/, fault: 'quota' },
  {
    at: ANY,
    says: /\bdaily\b|\bcredits?\b|(?:sending|messaging|message|hourly|monthly|request) (?:limit|quota)/i,
    fault: 'quota',
  },
  { at: ALL, says: /sending (?:is |has been )?paused/i, fault: 'paused' },
  { at: ALL, reply: /^53[0458]/, fault: 'credentials' },
  {
    at: ALL,
    says: /not authenticated|authentication (?:is )?required|authenticate first|log ?in first/i,
    fault: 'credentials',
  },
  { at: ALL, status: /^[45]\.(?:1\.[789]|7\.2[0-9])$/, fault: 'sender' },
  {
    at: NAMED,
    says: /sender (?:address rejected|verify|denied|signature|identity)|unauthenticated sender|bad sender|email address is not verified/i,
    fault: 'sender',
  },
  {
    at: ALL,
    says: /\brelay(?:ing)?\b.{0,20}\b(?:denied|prohibited|not (?:permitted|allowed))|(?:unable|not (?:permitted|allowed)) to relay|rcpthosts/i,
    fault: 'sender',
  },
  {
    at: ALL,
    says: /not authorized to perform|configuration set|client host|helo command|reverse (?:dns|hostname)|block(?:ed using|list)|blacklist/i,
    fault: 'account',
  },
  { at: NAMED, says: /gr[ae]y ?-?list/i, fault: 'recipient' },
  { at: ['sender'], reply: /^5/, fault: 'sender' },
  { at: ['message'], reply: /^552/, fault: 'message' },
  {
    at: ['message'],
    says: /\bspam|unsolicited|virus|malware|content|message (?:is )?too (?:big|large|long)/i,
    fault: 'message',
  },
  {
    at: NAMED,
    says: /no such (?:user|recipient|address|mailbox|person)|(?:user|recipient|mailbox|address|account)s? (?:is |was |name )?(?:unknown|not found|unavailable|disabled|inactive|full|does(?:n't| not) exist|over quota)|quota exceeded|unknown (?:user|recipient|mailbox|address)|(?:mailbox|over|user) quota|unrouteable|(?:this|that) user|the email account|domain not found|invalid recipient/i,
    fault: 'recipient',
  },
  // RFC 5321, 4.2.3: a mailbox, where no status says otherwise. RFC 7504: a domain that takes none.
  { at: ['recipient'], reply: /^(?:450|55[01236])/, status: /^$/, fault: 'recipient' },
];

/** Reads a failure of one attempt; `begun`: the mail's bytes were asked for. */
export function classifySmtp(error: unknown, begun: boolean, recipient: string): SendResult {
  const { code = '', command = '', responseCode, response = '' } = error as SmtpError;
  const stage = stageOf(code, command, begun);
  if (responseCode === undefined) {
    if (code === 'EAUTH') return { kind: 'unavailable', reason: 'credentials' };
    return { kind: begun ? 'unsure' : 'unreached' };
  }
  const words = wordsOf(unnumbered(response), recipient);
  const fault = isSandboxed(response, recipient)
    ? 'recipient'
    : faultOf({ stage, code: responseCode, status: statusOf(response), words });
  return resultOf(stage, responseCode < 500, { fault, status: responseCode, words });
}

/** An SES account in the sandbox mails nobody whose address is not verified too: it names the identities that failed its check. */
export function isSandboxed(text: string, recipient: string): boolean {
  const [, failed] = /identities failed the check in region [^:]+: ?(.+)/i.exec(text) ?? [];
  return failed?.trim().toLowerCase() === recipient.toLowerCase();
}

/** The text without the numbers at the beginning of its lines, of which the first keeps its status. */
export const unnumbered = (response: string): string =>
  response.replace(/^\d{3}[ -]?/gm, '').replace(/\n\d\.\d{1,3}\.\d{1,3}\b/g, '\n');

function stageOf(code: string, command: string, begun: boolean): Stage {
  if (code === 'EAUTH') return 'login';
  if (command === 'MAIL FROM') return 'sender';
  if (command === 'RCPT TO') return 'recipient';
  return command === 'DATA' || begun ? 'message' : 'connect';
}

/** RFC 3463; some write it at the end, in brackets. */
function statusOf(response: string): string {
  const [, first, last] = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b|\(#(\d\.\d{1,3}\.\d{1,3})\)/.exec(response) ?? [];
  return first ?? last ?? '';
}

function faultOf({ stage, code, status, words }: Reply): Fault {
  // What another server said is not this one's word: whoever has a domain could speak for the account.
  const own = words.replace(/(?:["“]|\b(?:said|responded|returned|response|callout|was:)).*$/is, '');
  const row = rows.find(
    ({ at, reply, status: statuses, says }) =>
      at.includes(stage) &&
      (reply?.test(String(code)) ?? true) &&
      (statuses?.test(status) ?? true) &&
      (says?.test(own) ?? true),
  );
  if (row) return row.fault;
  if (stage === 'connect') return 'session';
  if (stage === 'login') return code < 500 ? 'session' : 'credentials';
  return code < 500 ? 'session' : 'unlisted';
}

function resultOf(stage: Stage, isForNow: boolean, refusal: Refusal): SendResult {
  const { fault } = refusal;
  switch (fault) {
    case 'recipient':
    case 'message':
      return { kind: isForNow ? 'deferred' : 'rejected', refusal };
    case 'unlisted':
      return { kind: 'disputed', refusal };
    case 'session':
      if (stage === 'sender' || stage === 'recipient' || stage === 'message') return { kind: 'throttled', refusal };
      return isForNow ? { kind: 'unreached', refusal } : { kind: 'unavailable', reason: fault, refusal };
    default:
      return { kind: 'unavailable', reason: fault, refusal };
  }
}
