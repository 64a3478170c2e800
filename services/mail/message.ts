/** Composes the message in a language: subject, text and HTML. The subject never shows the code, and nothing can be clicked. */
import { fill } from './catalogue.ts';
import { isRightToLeft, negotiate } from './locale.ts';
import { messageHtml } from './message-html.ts';
import type { Logo, Templates } from './templates.ts';

export type MessageOptions = Readonly<{
  /** The name that asks, as in the From header. */
  sender: string;
  defaultLocale: string;
  /** The domain whose pages a browser may offer the code to. */
  autofillDomain: string | undefined;
  templates: Templates;
}>;

/** `purpose` is as the application named it; `locale` is any tag, and one that is not there means the default. */
export type MessageFacts = Readonly<{ code: string; purpose: string; minutes: number; locale: string }>;

/** What travels with the mail, as nodemailer takes it: a picture that the HTML names by `cid:`, or a file. */
export type Attachment = Readonly<{
  cid?: string;
  filename: string;
  contentType: string;
  content: Buffer;
  contentDisposition: 'inline' | 'attachment';
}>;

export type Message = Readonly<{
  subject: string;
  text: string;
  html: string;
  attachments?: readonly Attachment[];
}>;

export type Composer = Readonly<{
  /** The language of a mail: what the request names, else the best of Accept-Language, else the default. */
  localeFor(asked: string | undefined, acceptLanguage: string | undefined): string;
  compose(facts: MessageFacts): Message;
}>;

/** The purpose that is the default of the api, and that needs no naming. */
export const PLAIN_PURPOSE = 'verification';
const LOGO_CID = 'logo@sealpost';

export function createComposer(options: MessageOptions): Composer {
  const { defaultLocale, autofillDomain, templates } = options;
  const sender = oneLine(options.sender);
  return { localeFor, compose };

  function localeFor(asked: string | undefined, acceptLanguage: string | undefined): string {
    return negotiate(asked, acceptLanguage, templates.locales) ?? defaultLocale;
  }

  function compose({ code, purpose, minutes, locale: asked }: MessageFacts): Message {
    const locale = localeFor(asked, undefined);
    const { catalogue, theme, logo, purposeWord } = templates.of(purpose, locale);
    const { rules, format, direction } = habitsOf(locale);
    const life = fill(catalogue.minutes[rules.select(minutes)] ?? '', { n: format.format(minutes) });
    const values = { code, sender, purpose: purposeWord ?? '', minutes: life };
    const asks = purposeWord === undefined ? catalogue.asked : catalogue.askedFor;
    const autofill = autofillDomain === undefined ? undefined : `@${autofillDomain} #${code}`;
    const line = (text: string): string => fill(text, values);
    const subject = line(catalogue.subject);
    const first = [line(catalogue.code), line(catalogue.life)];
    const rest = [asks, catalogue.ignore, catalogue.secret];
    // Nothing after the last line: a browser looks for the code there (WICG, Origin-bound one-time codes).
    const text = [...first, '', ...rest.map(line), ...(autofill ? ['', autofill] : [])].join('\n');
    const html = messageHtml({
      locale,
      values,
      subject,
      theme,
      autofill,
      direction,
      preview: first.join(' '),
      lines: { heading: catalogue.subject, life: catalogue.life, rest },
      logo: logo && { url: `cid:${LOGO_CID}`, width: logo.width },
    });
    return { subject, text, html, ...(logo && { attachments: [attachmentOf(logo)] }) };
  }
}

/** The HTML with its picture inside, for looking at it outside a mail program. */
export function selfContained({ html, attachments = [] }: Message): string {
  return attachments.reduce(
    (text, { cid, contentType, content }) =>
      text.replaceAll(`"cid:${cid}"`, `"data:${contentType};base64,${content.toString('base64')}"`),
    html,
  );
}

function attachmentOf({ bytes, contentType, filename }: Logo): Attachment {
  return { cid: LOGO_CID, filename, contentType, content: bytes, contentDisposition: 'inline' };
}

type Habits = Readonly<{ rules: Intl.PluralRules; format: Intl.NumberFormat; direction: 'ltr' | 'rtl' }>;

// Made once a language: making them takes longer than composing.
const habits = new Map<string, Habits>();

function habitsOf(locale: string): Habits {
  const known = habits.get(locale) ?? {
    rules: new Intl.PluralRules(locale),
    format: new Intl.NumberFormat(locale),
    direction: isRightToLeft(locale) ? 'rtl' : 'ltr',
  };
  habits.set(locale, known);
  return known;
}

/** Without line breaks and other control characters, and without marks that would turn the text around them. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim();
}
