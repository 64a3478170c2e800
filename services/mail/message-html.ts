/** The message's HTML, by hand: tables and inline styles for mail programs of any age, one style sheet for the dark. */
import { html, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import { partsOf } from './catalogue.ts';
import type { Theme, Scheme } from './theme.ts';

export type MessagePage = Readonly<{
  locale: string;
  direction: 'ltr' | 'rtl';
  subject: string;
  /** What a mailbox shows beside the subject; it begins with the code. */
  preview: string;
  lines: Readonly<{ heading: string; life: string; rest: readonly string[] }>;
  values: Readonly<Record<'code' | 'sender' | 'purpose' | 'minutes', string>>;
  theme: Theme;
  logo: Readonly<{ url: string; width: number }> | undefined;
  autofill: string | undefined;
}>;

type Markup = HtmlEscapedString | Promise<HtmlEscapedString>;

const sans = `font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif`;
// A name of a hundred letters breaks rather than pushing the card out of a small screen; Korean words do not else.
const breaks = (locale: string): string =>
  `overflow-wrap:anywhere;word-break:${locale.startsWith('ko') ? 'keep-all' : 'break-word'}`;
const table = raw('role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"');

/** Everything is escaped but the colours, which are #rrggbb. The code stands alone, so that a double click takes it. */
export function messageHtml(page: MessagePage): string {
  const { locale, direction, subject, preview, theme } = page;
  const ground = raw(`background:${theme.light.page}`);
  const body = html`<!doctype html>
<html lang="${locale}" dir="${direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no">
<meta name="x-apple-disable-message-reformatting">
<title>${subject}</title>
<style>${raw(styleSheet(theme.dark))}</style>
</head>
<body class="page" style="margin:0;padding:0;${ground}">
<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">${preview}</div>
<table ${table} class="page" style="${ground}">
<tr><td align="center" style="padding:24px 12px">
${cardOf(page)}
</td></tr>
</table>
</body>
</html>
`;
  return body.toString();
}

function cardOf({ locale, direction, lines, values, theme, logo, autofill }: MessagePage): Markup {
  const { brand, onBrand, light } = theme;
  const side = direction === 'rtl' ? 'right' : 'left';
  const text = raw(`text-align:${side};font-size:16px;line-height:1.5;${sans};${breaks(locale)}`);
  const band = raw(`padding:16px 24px;border-radius:12px 12px 0 0;background:${brand};color:${onBrand}`);
  return html`<table ${table} class="card" style="max-width:480px;border-radius:12px;background:${raw(light.card)}">
<tr><td style="${text};${band};font-weight:600">${logo ? picture(logo, values.sender) : values.sender}</td></tr>
<tr><td class="ink" style="${text};padding:28px 24px;color:${raw(light.ink)}">
<p class="code" style="${raw(codeStyle)}">${values.code}</p>
<p style="margin:0 0 4px;font-weight:600">${filled(lines.heading, values)}</p>
<p style="margin:0 0 24px">${filled(lines.life, values)}</p>
${lines.rest.map((line) => soft(light, filled(line, values)))}
${autofill === undefined ? '' : soft(light, html`<span dir="ltr">${autofill}</span>`)}
</td></tr>
</table>`;
}

// Ten digits fit beside each other on 320 pixels.
const codeStyle = 'margin:0 0 12px;font-size:32px;line-height:1.25;font-weight:700;letter-spacing:2px';

const soft = ({ soft: color }: Scheme, content: Markup): Markup =>
  html`<p class="soft" style="margin:0 0 8px;font-size:14px;color:${raw(color)}">${content}</p>
`;

const picture = ({ url, width }: NonNullable<MessagePage['logo']>, alt: string): Markup =>
  html`<img src="${url}" width="${width}" alt="${alt}" style="display:block;border:0;max-width:100%;height:auto">`;

/** Each value in an element of its own direction, so that a Latin name leaves a Hebrew sentence in order. */
function filled(text: string, values: MessagePage['values']): Markup {
  const named: Readonly<Record<string, string>> = values;
  const parts = partsOf(text).map((part, index) => (index % 2 === 0 ? part : html`<bdi>${named[part] ?? ''}</bdi>`));
  return html`${parts}`;
}

const styleSheet = ({ page, card, ink, soft: softer }: Scheme): string => `:root { color-scheme: light dark; }
@media (prefers-color-scheme: dark) {
.page { background: ${page} !important; }
.card { background: ${card} !important; }
.ink { color: ${ink} !important; }
.soft { color: ${softer} !important; }
}`;
