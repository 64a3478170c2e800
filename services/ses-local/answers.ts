/** What Amazon SES answers: results and errors of the query protocol, as XML. */

const NAMESPACE = 'http://ses.amazonaws.com/doc/2010-12-01/';

/** A refusal in SES's own terms. Thrown anywhere below an action, turned into XML by `failure`. */
export class SesError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = 'SesError';
    this.status = status;
    this.code = code;
  }
}

/** 400 InvalidParameterValue, the code SES gives to every malformed address or header. */
export const invalidParameter = (message: string): SesError => new SesError(400, 'InvalidParameterValue', message);

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** One element; the text is escaped, and characters that XML 1.0 cannot carry are left out. */
export function element(name: string, text: string | number | boolean): string {
  const escaped = String(text)
    .replace(/[&<>"]/g, (character) => entities[character] ?? '')
    // oxlint-disable-next-line no-control-regex -- control characters are the point
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');
  return `<${name}>${escaped}</${name}>`;
}

/** A list as the query protocol spells it: `<name><member>…</member></name>`, from ready XML. */
export const list = (name: string, members: readonly string[]): string =>
  `<${name}>${members.map((member) => `<member>${member}</member>`).join('')}</${name}>`;

/** A map as the query protocol spells it, from keys to ready XML. */
export const map = (name: string, entries: readonly (readonly [string, string])[]): string =>
  `<${name}>${entries.map(([key, value]) => `<entry>${element('key', key)}<value>${value}</value></entry>`).join('')}</${name}>`;

/** The answer to an action that worked; `result` is ready XML. Source: "API Reference: responses". */
export const success = (action: string, result: string, requestId: string): string =>
  `<${action}Response xmlns="${NAMESPACE}"><${action}Result>${result}</${action}Result>` +
  `<ResponseMetadata>${element('RequestId', requestId)}</ResponseMetadata></${action}Response>`;

/** The answer to an action that was refused: Sender when the caller is at fault, else Receiver. */
export const failure = (error: SesError, requestId: string): string =>
  `<ErrorResponse xmlns="${NAMESPACE}"><Error>${element('Type', error.status < 500 ? 'Sender' : 'Receiver')}` +
  `${element('Code', error.code)}${element('Message', error.message)}</Error>${element('RequestId', requestId)}</ErrorResponse>`;
