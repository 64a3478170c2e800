/** unlock, and the suppressions: list, add, lift. What an admin does when an address cannot get or type its code. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Command } from '../../../core/decide.ts';
import { pageOfSuppressed } from '../../../store/admin-lists.ts';
import type { AdminReads } from '../../../store/admin-reads.ts';
import { readFor } from '../../admin-read.ts';
import { jsonAnswer, jsonBody, saidDone } from '../../describe.ts';
import type { Tag } from '../../description/tags.ts';
import type { AppEnv } from '../../env.ts';
import { pagination, pageQuery, paginationAnswer, place } from '../../paging.ts';
import { refusedBy } from '../../http/problem.ts';
import type { Handler } from '../../../store/handle.ts';
import { addressBody, ok, time } from '../../fields.ts';

type Act = Readonly<{ operationId: string; tag: Tag; summary: string; description: string }>;

const suppressionsAnswer = z
  .object({
    ...ok,
    suppressions: z.array(
      z
        .object({
          email: z.string().openapi({ example: 'a@example.com' }),
          reason: z.enum(['admin', 'bounce', 'complaint']).openapi({ example: 'bounce' }),
          since: time,
        })
        .openapi('Suppression'),
    ),
    pagination: paginationAnswer,
  })
  .openapi('SuppressionsAnswer');

const said = (path: string, message: string, { operationId, tag, summary, description }: Act) =>
  createRoute({
    method: 'post',
    operationId,
    tags: [tag],
    path: `/api/admin/email-management/${path}`,
    summary,
    description,
    security: [{ bearer: [] }],
    request: { body: jsonBody(addressBody) },
    responses: {
      200: saidDone('Done, or already so.', message),
    },
  });

export const suppressionsQuery = pageQuery({}, place(/^[\x21-\x7e]{1,254}$/));

const list = createRoute({
  method: 'get',
  operationId: 'listSuppressions',
  path: '/api/admin/email-management/suppressions',
  tags: ['Sending'],
  summary: 'The addresses that no mail is sent to, and why',
  description:
    'In the order of the alphabet: those that bounced for good, whose owner complained, or that an admin closed.',
  security: [{ bearer: [] }],
  request: { query: suppressionsQuery },
  responses: { 200: jsonAnswer(suppressionsAnswer, 'A page of addresses.') },
});

const actions = [
  [
    'unlock',
    'unlock',
    'The address is not locked.',
    {
      operationId: 'unlockAddress',
      tag: 'Verifications',
      summary: 'Give an address its budget of wrong guesses back',
      description: 'For all of its users: the wrong codes that were typed before no longer count.',
    },
  ],
  [
    'suppressions',
    'suppress',
    'The address gets no mail.',
    {
      operationId: 'suppressAddress',
      tag: 'Sending',
      summary: 'Stop sending mail to an address',
      description: 'Until it is lifted; asking for a code is `address_suppressed` meanwhile.',
    },
  ],
  [
    'suppressions/lift',
    'lift-suppression',
    'The address gets mail.',
    {
      operationId: 'liftSuppression',
      tag: 'Sending',
      summary: 'Send mail to an address again',
      description: 'Whatever had stopped it: an admin, a bounce or a complaint.',
    },
  ],
] as const satisfies readonly (readonly [string, string, string, Act])[];

type Needs = Readonly<{
  reads: AdminReads;
  handler: Handler;
}>;

export function limits(app: OpenAPIHono<AppEnv>, { reads, handler }: Needs): void {
  for (const [path, type, message, act] of actions) {
    app.openapi(said(path, message, act), async (c) => {
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
