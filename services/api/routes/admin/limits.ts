/** unlock, and the suppressions: list, add, lift. What an admin does when an address cannot get or type its code. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Command } from '../../../core/decide.ts';
import { pageOfSuppressed } from '../../../store/admin-lists.ts';
import type { AdminReads } from '../../../store/admin-reads.ts';
import { readFor } from '../../admin-read.ts';
import { jsonAnswer, jsonBody, problems } from '../../describe.ts';
import type { AppEnv } from '../../env.ts';
import { pagination, pageQuery, paginationAnswer, place } from '../../paging.ts';
import { refusedBy } from '../../http/problem.ts';
import type { Handler } from '../../../store/handle.ts';
import { addressBody, doneAnswer, ok, time } from '../../fields.ts';

const suppressionsAnswer = z
  .object({
    ...ok,
    suppressions: z.array(
      z.object({ email: z.string(), reason: z.enum(['admin', 'bounce', 'complaint']), since: time }),
    ),
    pagination: paginationAnswer,
  })
  .openapi('SuppressionsAnswer');

const said = (path: string, summary: string) =>
  createRoute({
    method: 'post',
    path: `/api/admin/email-management/${path}`,
    summary,
    security: [{ bearer: [] }],
    request: { body: jsonBody(addressBody) },
    responses: {
      200: jsonAnswer(doneAnswer, 'Done, or already so.'),
      ...problems(400, 401, 403, 413, 415, 429, 500, 503),
    },
  });

export const suppressionsQuery = pageQuery({}, place(/^[^\p{C}]{1,254}$/u));

const list = createRoute({
  method: 'get',
  path: '/api/admin/email-management/suppressions',
  summary: 'The addresses that no mail is sent to, and why',
  security: [{ bearer: [] }],
  request: { query: suppressionsQuery },
  responses: { 200: jsonAnswer(suppressionsAnswer, 'A page of addresses.'), ...problems(400, 401, 403, 429, 500, 503) },
});

const actions = [
  ['unlock', 'unlock', 'Give an address its budget of wrong guesses back', 'The address is not locked.'],
  ['suppressions', 'suppress', 'Stop sending mail to an address', 'The address gets no mail.'],
  ['suppressions/lift', 'lift-suppression', 'Send mail to an address again', 'The address gets mail.'],
] as const;

type Needs = Readonly<{
  reads: AdminReads;
  handler: Handler;
}>;

export function limits(app: OpenAPIHono<AppEnv>, { reads, handler }: Needs): void {
  for (const [path, type, summary, message] of actions) {
    app.openapi(said(path, summary), async (c) => {
      const { email: address } = c.req.valid('json');
      const command: Command = { type, address, by: c.get('caller').userId };
      const handled = await handler.handle(command);
      if (handled.kind === 'rejected') throw refusedBy(handled.rejection);
      return c.json({ success: true as const, message }, 200);
    });
  }

  app.openapi(list, async (c) => {
    const page = c.req.valid('query');
    const { rows, ...found } = await readFor(c, reads, (sql) => pageOfSuppressed(sql, page));
    const suppressions = rows.map(({ email, reason, at }) => ({ email, reason, since: new Date(at).toISOString() }));
    return c.json({ success: true as const, suppressions, pagination: pagination(page, found, String) }, 200);
  });
}
