/** GET user-emails: all addresses of all users, a page at a time, newest first. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { pageOfEmails } from '../../../store/admin-lists.ts';
import type { AdminReads } from '../../../store/admin-reads.ts';
import { readFor } from '../../admin-read.ts';
import { jsonAnswer } from '../../describe.ts';
import { emailRecordOf, emailRecord } from '../../email-record.ts';
import type { AppEnv } from '../../env.ts';
import { pageQuery, pagination, paginationAnswer, place } from '../../paging.ts';
import { ok, searchField } from '../../fields.ts';

const emailPlace = place(/^\d{1,10}$/).transform(Number);

export const emailsQuery = pageQuery({ search: searchField }, emailPlace);

const emailsAnswer = z
  .object({ ...ok, emails: z.array(emailRecord), pagination: paginationAnswer })
  .openapi('UserEmailsAnswer');

const route = createRoute({
  method: 'get',
  operationId: 'listEmails',
  path: '/api/admin/email-management/user-emails',
  tags: ['Verifications'],
  summary: 'All addresses of all users',
  description:
    'Newest first. `search` is a whole address, or a part of one, which is looked for among the newest 250,000 addresses behind `after`.',
  security: [{ bearer: [] }],
  request: { query: emailsQuery },
  responses: { 200: jsonAnswer(emailsAnswer, 'A page of addresses.') },
});

type Needs = Readonly<{
  reads: AdminReads;
}>;

export function userEmails(app: OpenAPIHono<AppEnv>, { reads }: Needs): void {
  app.openapi(route, async (c) => {
    const { search, ...page } = c.req.valid('query');
    const { rows, ...found } = await readFor(c, reads, (sql) => pageOfEmails(sql, page, search));
    return c.json(
      { success: true as const, emails: rows.map(emailRecordOf), pagination: pagination(page, found, String) },
      200,
    );
  });
}
