/** /messages: the mailbox for programs. */
import type { App } from './service.ts';
import { LIMIT_MAX, readLimit } from './limit.ts';
import { open, rawOf, toJson } from './mail-content.ts';
import type { Mailbox } from './mailbox.ts';
import { problem } from './problem.ts';

// A mail's own HTML runs nothing, loads nothing, and belongs to no origin.
const foreignHtml = {
  'content-security-policy': "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
  'content-type': 'text/html; charset=utf-8',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'SAMEORIGIN',
};

/** 404 for a mail that is not, or no longer, here. */
export const missing = (): Response =>
  problem(404, 'No such message: it was deleted, dropped as the oldest, or never sent.');

/** Newest first; `to` matches a whole recipient, whatever its case. */
export function mountMessages(app: App, mailbox: Mailbox): void {
  app.get('/messages', async (c) => {
    const limit = readLimit(c.req.query('limit'));
    if (limit === undefined) return problem(400, `limit must be a whole number from 1 to ${LIMIT_MAX}.`);
    const { mails, total } = mailbox.list(limit, c.req.query('to'));
    return c.json({ messages: await Promise.all(mails.map(toJson)), total });
  });

  app.delete('/messages', (c) => {
    mailbox.clear();
    return c.body(null, 204);
  });

  app.get('/messages/:id', async (c) => {
    const mail = mailbox.get(c.req.param('id'));
    return mail ? c.json(await toJson(mail)) : missing();
  });

  app.get('/messages/:id/raw', async (c) => {
    const mail = mailbox.get(c.req.param('id'));
    if (!mail) return missing();
    const headers = { 'content-type': 'message/rfc822', 'x-content-type-options': 'nosniff' };
    return c.body(new Uint8Array(await rawOf(mail)), 200, headers);
  });

  app.get('/messages/:id/html', async (c) => {
    const mail = mailbox.get(c.req.param('id'));
    return mail ? c.body((await open(mail)).framed, 200, foreignHtml) : missing();
  });
}
