/** The page of one mail: who, when, and its HTML, text or source. */
import { html } from 'hono/html';
import { decodeWords } from 'postal-mime';
import type { Opened } from './mail-content.ts';
import type { StoredMail } from './mailbox.ts';
import { type Markup, shell } from './page-shell.ts';

export const views = ['html', 'text', 'source'] as const;
export type View = (typeof views)[number];

const labels: Readonly<Record<View, string>> = { html: 'HTML', text: 'Text', source: 'Source' };
const moment = new Intl.DateTimeFormat('en', {
  dateStyle: 'long',
  timeStyle: 'medium',
  timeZone: 'UTC',
  hour12: false,
});

/** `source` is the raw mail as text. The HTML is only framed: it is served elsewhere, without an origin. */
export function mailPage(nonce: string, mail: StoredMail, opened: Opened, view: View, source: string): Markup {
  const subject = opened.subject === '' ? '(no subject)' : opened.subject;
  const tabs = views.map(
    (name) => html`<a href="/mails/${mail.id}/${name}" ${name === view ? current : ''}>${labels[name]}</a>`,
  );
  const body = html`<main class="page mail">
    <a class="back" href="/">← Inbox</a>
    <h1 dir="auto">${subject}</h1>
    <dl class="facts">
      <dt>To</dt>
      <dd>${mail.to.join(', ')}</dd>
      <dt>From</dt>
      <dd>${decodeWords(opened.headers['from'] ?? mail.from)}</dd>
      <dt>Received</dt>
      <dd>${moment.format(mail.receivedAt)} UTC</dd>
      <dt>Message id</dt>
      <dd>${mail.id}</dd>
    </dl>
    <div class="card">
      <nav class="tabs" aria-label="Views of this mail">
        ${tabs}<a href="/messages/${mail.id}/raw" download="${mail.id}.eml" title="Save as an .eml file">Save</a>
      </nav>
      ${panel(mail, opened, view, source)}
    </div>
  </main>`;
  return shell(nonce, `${subject} · Local SES`, body);
}

const current = html` aria-current="page"`;

function panel(mail: StoredMail, opened: Opened, view: View, source: string): Markup {
  if (view === 'source') return html`<pre class="source">${source}</pre>`;
  if (view === 'text' && opened.text !== '') return html`<pre class="text" dir="auto">${opened.text}</pre>`;
  if (view === 'html' && opened.html !== '') {
    return html`<iframe sandbox title="The mail’s HTML" src="/messages/${mail.id}/html"></iframe>`;
  }
  return html`<div class="none">
    <h2>No ${labels[view]} part</h2>
    <p>This mail was sent without one.</p>
  </div>`;
}
