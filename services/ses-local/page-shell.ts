/** The frame of every page: head, style, and nothing from elsewhere. */
import { html, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import { style } from './page-style.ts';

export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>;

const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 44 44'%3E%3Crect width='44' height='44' rx='12' fill='%230f625c'/%3E" +
  "%3Cpath d='M10 15h24v15H10zl12 9 12-9' fill='none' stroke='%23fff' stroke-width='2.5' stroke-linejoin='round'/%3E%3C/svg%3E";

/** The mark of the house: an envelope under a seal. */
export const mark = html`<svg viewBox="0 0 44 44" aria-hidden="true">
  <rect width="44" height="44" rx="13" fill="#0f625c" />
  <path d="M10 14.5h24v16H10z" fill="none" stroke="#fff" stroke-width="2.2" stroke-linejoin="round" />
  <path d="m10 15.5 12 8.5 12-8.5" fill="none" stroke="#fff" stroke-width="2.2" stroke-linejoin="round" />
  <circle cx="33" cy="31" r="6" fill="#e8a33d" stroke="#0f625c" stroke-width="2.2" />
</svg>`;

/** A whole document. `head` is markup for the head; everything interpolated is escaped by hono/html. */
export const shell = (nonce: string, title: string, body: Markup, head: Markup | '' = ''): Markup =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="${icon}" />
        <style nonce="${nonce}">
          ${raw(style)}
        </style>
        ${head}
      </head>
      <body>
        ${body}
      </body>
    </html> `;
