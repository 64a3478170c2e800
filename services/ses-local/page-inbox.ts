/** The inbox page: how the local SES behaves, a search by recipient, and the newest mails. */
import { html, raw } from 'hono/html';
import { type Behaviour, explanations } from './behaviour.ts';
import { LIMIT_MAX } from './limit.ts';
import { script } from './page-script.ts';
import { mark, type Markup, shell } from './page-shell.ts';

export type Row = Readonly<{ id: string; to: readonly string[]; subject: string; text: string; receivedAt: number }>;
export type Inbox = Readonly<{
  rows: readonly Row[];
  total: number;
  limit: number;
  /** What was searched for, empty for everything. */
  to: string;
  behaviour: Behaviour;
  quota: { max24HourSend: number; maxSendRate: number; sentLast24Hours: number };
  url: string;
  now: number;
}>;

const START_CHARACTERS = 140;
const number = new Intl.NumberFormat('en');
const day = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', timeZone: 'UTC' });

export function inboxPage(nonce: string, inbox: Inbox): Markup {
  const { quota, total, to } = inbox;
  const title = `${total === 0 ? 'Inbox' : `Inbox (${number.format(total)})`} · Local SES`;
  const mails = `${number.format(total)} ${total === 1 ? 'mail' : 'mails'}`;
  const body = html`<main class="page" data-title="${title}">
      <header class="top">
        ${mark}
        <div>
          <h1>Local SES</h1>
          <p id="numbers" data-live>
            ${mails}${to === '' ? '' : ' found'} · ${number.format(quota.sentLast24Hours)} of
            ${number.format(quota.max24HourSend)} recipients in 24 h · up to ${number.format(quota.maxSendRate)} a
            second
          </p>
        </div>
      </header>
      <div id="state" data-live>${state(inbox.behaviour)}</div>
      <div id="lost" class="state odd" role="status"><p>The local SES does not answer. Trying again…</p></div>
      <form class="bar" method="get" action="/" role="search">
        <input
          type="search"
          name="to"
          value="${to}"
          placeholder="Find a recipient"
          aria-label="Search by recipient"
          autocomplete="off"
          spellcheck="false"
          maxlength="320"
        />
        <button type="button" class="button" id="empty" hidden>Empty</button>
      </form>
      <div id="mails" data-live>${inbox.rows.length === 0 ? none(inbox) : rows(inbox)}</div>
    </main>
    <script nonce="${nonce}">
      ${raw(script)};
    </script>`;
  return shell(nonce, title, body, html`<noscript><meta http-equiv="refresh" content="5" /></noscript>`);
}

function state(behaviour: Behaviour): Markup {
  const { mode } = behaviour;
  if (mode === 'normal') {
    return html`<div class="state">
      <p><b>Behaving normally.</b> <span class="soft">${explanations.normal}</span></p>
    </div>`;
  }
  return html`<div class="state odd">
    <p>
      <b>Misbehaving: ${nameOf(behaviour)}.</b> <span class="soft">${explanations[mode]} ${scopeOf(behaviour)}</span>
    </p>
  </div>`;
}

function scopeOf({ every = 1, times }: Behaviour): string {
  const left = times === undefined ? '' : ` ${times === 1 ? 'Once' : `${number.format(times)} times`} more.`;
  return every > 1 ? `One send in ${number.format(every)}.${left}` : left;
}

function nameOf(behaviour: Behaviour): string {
  if (behaviour.mode === 'error') return `error ${behaviour.status}`;
  if (behaviour.mode === 'latency') return `latency of ${number.format(behaviour.milliseconds)} ms`;
  if (behaviour.mode === 'pause') return `pause by ${behaviour.by ?? 'owner'}`;
  return behaviour.mode;
}

const none = ({ to, url }: Inbox): Markup =>
  to === ''
    ? html`<div class="card none">
        <h2>No mail yet</h2>
        <p>Emails sent to SES at ${url} appear here automatically.</p>
      </div>`
    : html`<div class="card none">
        <h2>Nothing for “${to}”</h2>
        <p>No recipient’s address contains this. <a href="/">Show every mail</a></p>
      </div>`;

function rows({ rows: shown, total, limit, to, now }: Inbox): Markup {
  const list = shown.map(
    (row) =>
      html`<li data-id="${row.id}">
        <a href="/mails/${row.id}">
          <span class="to">${row.to.join(', ')}</span
          ><time datetime="${new Date(row.receivedAt).toISOString()}">${ago(now, row.receivedAt)}</time>
          <span class="subject" dir="auto">${row.subject === '' ? '(no subject)' : row.subject}</span>
          <span class="start" dir="auto">${startOf(row.text)}</span></a
        >
      </li>`,
  );
  const next = new URLSearchParams({ ...(to !== '' && { to }), limit: String(Math.min(limit * 2, LIMIT_MAX)) });
  const more =
    total > shown.length && limit < LIMIT_MAX
      ? html`<p class="more"><a href="/?${next}">Show more of ${number.format(total)}</a></p>`
      : '';
  return html`<ol class="card mails">
      ${list}
    </ol>
    ${more}`;
}

// Cut before it is tidied: the text may be as long as a mail, and the list is drawn every few seconds.
const startOf = (text: string): string =>
  text
    .slice(0, 4 * START_CHARACTERS)
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, START_CHARACTERS);

// Told by the server, so that it needs no clock or time zone of the reader's.
function ago(now: number, at: number): string {
  const seconds = Math.max(0, Math.floor((now - at) / 1000));
  if (seconds < 5) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return day.format(at);
}
