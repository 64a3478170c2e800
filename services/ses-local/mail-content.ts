/** Opens a stored mail: its MIME bytes, and the parts a reader wants. Done when first read, then remembered. */
import { createTransport } from 'nodemailer';
import PostalMime, { type Attachment } from 'postal-mime';
import type { StoredMail } from './mailbox.ts';

/**
 * `text` and `html` have plain line breaks and none at the end, where MIME encodings differ; the raw bytes are exact.
 * Header names are lower case, values as they stand in the mail, repeated ones joined by a line break.
 */
type Parts = { subject: string; text: string; html: string; headers: Record<string, string> };
/** `framed` is the HTML as a browser can show it: with the pictures inside it that it names by `cid:`. */
export type Opened = Parts & { framed: string };
export type MailJson = Parts & { id: string; from: string; to: readonly string[]; receivedAt: string };

const opened = new WeakMap<StoredMail, Promise<Opened>>();
const composed = new WeakMap<StoredMail, Promise<Buffer>>();
const composer = createTransport(
  { streamTransport: true, buffer: true, newline: 'windows' },
  { disableFileAccess: true, disableUrlAccess: true },
);

/** The message/rfc822 bytes: those that were sent, unchanged, or for SendEmail those that SES would have made. */
export async function rawOf(mail: StoredMail): Promise<Buffer> {
  const { content } = mail;
  if (content.kind === 'raw') return content.bytes;
  const known = composed.get(mail);
  if (known) return known;
  const { kind: _, ...fields } = content;
  const messageId = `<${mail.id}@email.amazonses.com>`;
  const sent = composer.sendMail({ ...fields, messageId, date: new Date(mail.receivedAt) });
  const bytes = sent.then(({ message }) => (Buffer.isBuffer(message) ? message : Buffer.alloc(0)));
  composed.set(mail, bytes);
  return bytes;
}

/** Never throws: a mail that cannot be parsed opens with its source as text. */
export function open(mail: StoredMail): Promise<Opened> {
  const known = opened.get(mail);
  if (known) return known;
  const fresh = rawOf(mail).then(parse);
  opened.set(mail, fresh);
  return fresh;
}

/** One mail as `GET /messages` shows it. */
export async function toJson(mail: StoredMail): Promise<MailJson> {
  const { subject, text, html, headers } = await open(mail);
  const receivedAt = new Date(mail.receivedAt).toISOString();
  return { id: mail.id, from: mail.from, to: mail.to, subject, text, html, headers, receivedAt };
}

async function parse(bytes: Buffer): Promise<Opened> {
  try {
    const email = await PostalMime.parse(bytes);
    const headers = new Map<string, string>();
    for (const { key, value } of email.headers) {
      const before = headers.get(key);
      headers.set(key, before === undefined ? value : `${before}\n${value}`);
    }
    const { subject = '', text = '', html = '' } = email;
    const framed = withPictures(tidied(html), email.attachments);
    return { subject, text: tidied(text), html: tidied(html), headers: Object.fromEntries(headers), framed };
  } catch {
    return { subject: '', text: bytes.toString('utf8'), html: '', headers: {}, framed: '' };
  }
}

function withPictures(text: string, attachments: readonly Attachment[]): string {
  return attachments.reduce((html, { contentId, mimeType, content }) => {
    if (!contentId || !/^image\/(?:png|jpeg|gif)$/.test(mimeType) || typeof content === 'string') return html;
    const data = Buffer.from(new Uint8Array(content)).toString('base64');
    return html.replaceAll(`"cid:${contentId.replace(/^<|>$/g, '')}"`, `"data:${mimeType};base64,${data}"`);
  }, text);
}

const tidied = (text: string): string => text.replaceAll('\r\n', '\n').trimEnd();
