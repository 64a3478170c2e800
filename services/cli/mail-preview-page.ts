/** The page of `sealpost mail preview`: every mail in a frame, light beside dark, by purpose and language. */
import { html, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';

type Markup = HtmlEscapedString | Promise<HtmlEscapedString>;

/** The mails lie beside it as `<purpose>/<locale>.html` and `.txt`. */
export function previewPage(purposes: readonly string[], locales: readonly string[]): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>The mails of Sealpost</title>
<style>${raw(style)}</style>
</head>
<body>
<h1>The mails of Sealpost</h1>
<nav>${purposes.map((purpose) => html`<a href="#${purpose}">${purpose}</a> `)}</nav>
${purposes.map((purpose) => section(purpose, locales))}
</body>
</html>
`;
  return page.toString();
}

function section(purpose: string, locales: readonly string[]): Markup {
  return html`<h2 id="${purpose}">${purpose}</h2>
<div class="mails">${locales.map((locale) => figure(`${purpose}/${locale}`, locale))}</div>
`;
}

function figure(path: string, locale: string): Markup {
  const name = new Intl.DisplayNames('en', { type: 'language' }).of(locale);
  return html`<figure>
<figcaption>${name} <a href="${path}.html">HTML</a> <a href="${path}.txt">text</a></figcaption>
<iframe class="light" loading="lazy" title="${name}, light" src="${path}.html"></iframe>
<iframe class="dark" loading="lazy" title="${name}, dark" src="${path}.html"></iframe>
</figure>
`;
}

// A frame's colour scheme is what the mail in it takes for the reader's.
const style = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 2rem; }
a { color: inherit; margin-inline-end: .5rem; }
.mails { display: flex; flex-wrap: wrap; gap: 2rem; }
figure { margin: 0; }
figcaption { margin-bottom: .25rem; }
iframe { width: 320px; height: 520px; border: 1px solid #8888; border-radius: 8px; }
.light { color-scheme: light; }
.dark { color-scheme: dark; }`;
