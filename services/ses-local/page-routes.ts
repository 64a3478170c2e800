/** The pages for people: GET / lists the mails, GET /mails/:id opens one. */
import type { Context } from 'hono';
import { NONCE, secureHeaders } from 'hono/secure-headers';
import type { App, Service } from './service.ts';
import { readLimit } from './limit.ts';
import { open, rawOf } from './mail-content.ts';
import { missing } from './message-routes.ts';
import { inboxPage } from './page-inbox.ts';
import { mailPage, type View, views } from './page-mail.ts';

const SEARCH_CHARACTERS_MAX = 320;

const guarded = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    styleSrc: [NONCE],
    scriptSrc: [NONCE],
    connectSrc: ["'self'"],
    frameSrc: ["'self'"],
    imgSrc: ['data:'],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
  },
  strictTransportSecurity: false,
  xFrameOptions: 'DENY',
});
const nonceOf = (c: Context): string => String(c.get('secureHeadersNonce'));

/** Server-rendered; every text of a mail is escaped, and its HTML is only ever framed. */
export function mountPages(app: App, { account, now }: Service): void {
  app.get('/', guarded, async (c) => {
    const limit = readLimit(c.req.query('limit')) ?? 50;
    const to = (c.req.query('to') ?? '').trim().slice(0, SEARCH_CHARACTERS_MAX);
    const { mails, total } = to === '' ? account.mailbox.list(limit) : account.mailbox.search(limit, to);
    const rows = await Promise.all(mails.map(async (mail) => ({ ...mail, ...(await open(mail)) })));
    const behaviour = account.misbehaviour.present();
    const url = new URL(c.req.url).origin;
    const quota = account.quota.numbers(now());
    return c.html(inboxPage(nonceOf(c), { rows, total, limit, to, behaviour, quota, url, now: now() }));
  });

  app.get('/mails/:id/:view?', guarded, async (c) => {
    const mail = account.mailbox.get(c.req.param('id'));
    if (!mail) return missing();
    const opened = await open(mail);
    const asked: View = opened.html === '' ? 'text' : 'html';
    const view = views.find((name) => name === c.req.param('view')) ?? asked;
    const source = view === 'source' ? (await rawOf(mail)).toString('utf8') : '';
    return c.html(mailPage(nonceOf(c), mail, opened, view, source));
  });
}
