/** GET otp-history: the codes, a page at a time, newest first. Always masked: nothing in the system can show a code. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { pageOfCodes } from '../../../store/admin-queries.ts';
import { jsonAnswer, problems } from '../../describe.ts';
import type { AppEnv } from '../../env.ts';
import { pageFields, pagination, paginationAnswer } from '../../paging.ts';
import type { BoundedSql } from '../../../store/database.ts';
import { ok, searchField, time } from '../../fields.ts';

export const codesQuery = z.object({ ...pageFields, email: searchField });

const historyAnswer = z
  .object({
    ...ok,
    otpHistory: z.array(
      z.object({
        id: z.string(),
        email: z.string(),
        otp: z.literal('••••••'),
        purpose: z.string(),
        verified: z.boolean(),
        verified_at: time.nullable(),
        attempts: z.int(),
        created_at: time,
        display_name: z.string().nullable(),
      }),
    ),
    pagination: paginationAnswer,
  })
  .openapi('OtpHistoryAnswer');

const route = createRoute({
  method: 'get',
  path: '/api/admin/email-management/otp-history',
  summary: 'The codes that were requested, masked',
  security: [{ bearer: [] }],
  request: { query: codesQuery },
  responses: { 200: jsonAnswer(historyAnswer, 'A page of codes.'), ...problems(400, 401, 403, 429, 500, 503) },
});

type Needs = Readonly<{
  sql: BoundedSql;
}>;

export function otpHistory(app: OpenAPIHono<AppEnv>, { sql }: Needs): void {
  app.openapi(route, async (c) => {
    const { email, ...page } = c.req.valid('query');
    const { rows, total } = await pageOfCodes(sql, page, email);
    const otpHistoryRows = rows.map((row) => ({
      id: row.id,
      email: row.email,
      otp: '••••••' as const,
      purpose: row.purpose,
      verified: row.verified,
      verified_at: row.verified_at?.toISOString() ?? null,
      attempts: row.attempts,
      created_at: row.created_at.toISOString(),
      display_name: null,
    }));
    return c.json({ success: true as const, otpHistory: otpHistoryRows, pagination: pagination(page, total) }, 200);
  });
}
