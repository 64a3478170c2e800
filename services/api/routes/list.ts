/** GET list: the caller's addresses. The primary one is the first that was verified. */
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { answered } from '../../store/database.ts';
import { listEmails } from '../../store/queries.ts';
import { jsonAnswer, problems } from '../describe.ts';
import { type AppEnv, READ_TIMEOUT_MILLISECONDS, type Services } from '../env.ts';
import { listAnswer } from '../schemas.ts';

const route = createRoute({
  method: 'get',
  path: '/api/email-verification/list',
  summary: 'Your addresses',
  security: [{ bearer: [] }],
  responses: { 200: jsonAnswer(listAnswer, 'All addresses you asked a code for.'), ...problems(401, 429, 500, 503) },
});

export function list(app: OpenAPIHono<AppEnv>, { sql }: Services): void {
  app.openapi(route, async (c) => {
    const rows = await answered(listEmails(sql, c.get('caller').userId), READ_TIMEOUT_MILLISECONDS);
    const emails = rows.map((row, index) => ({
      email: row.email_address,
      verified: row.is_verified,
      verifiedAt: row.verified_at?.toISOString() ?? null,
      purpose: row.purpose,
      verificationMethod: row.verification_method,
      isPrimary: index === 0 && row.is_verified,
    }));
    return c.json({ success: true as const, emails, total: rows[0]?.total ?? 0 }, 200);
  });
}
