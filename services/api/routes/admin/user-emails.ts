/** GET user-emails: all addresses of all users, a page at a time, newest first. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { pageOfEmails } from '../../../store/admin-queries.ts';
import { jsonAnswer, problems } from '../../describe.ts';
import { emailRecordOf, emailRecord } from '../../email-record.ts';
import type { AppEnv } from '../../env.ts';
import { pageFields, pagination, paginationAnswer } from '../../paging.ts';
import type { BoundedSql } from '../../../store/database.ts';
import { ok, searchField } from '../../fields.ts';

export const emailsQuery = z.object({ ...pageFields, search: searchField });

const emailsAnswer = z
  .object({ ...ok, emails: z.array(emailRecord), pagination: paginationAnswer })
  .openapi('UserEmailsAnswer');

const route = createRoute({
  method: 'get',
  path: '/api/admin/email-management/user-emails',
  summary: 'All addresses of all users',
  security: [{ bearer: [] }],
  request: { query: emailsQuery },
  responses: { 200: jsonAnswer(emailsAnswer, 'A page of addresses.'), ...problems(400, 401, 403, 429, 500, 503) },
});

type Needs = Readonly<{
  sql: BoundedSql;
}>;

export function userEmails(app: OpenAPIHono<AppEnv>, { sql }: Needs): void {
  app.openapi(route, async (c) => {
    const { search, ...page } = c.req.valid('query');
    const { rows, total } = await pageOfEmails(sql, page, search);
    return c.json(
      { success: true as const, emails: rows.map(emailRecordOf), pagination: pagination(page, total) },
      200,
    );
  });
}
