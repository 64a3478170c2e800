/** GET list: the caller's verified addresses, or all. The primary one is of the registration, else the first that was verified. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { listEmails } from '../../store/queries.ts';
import { jsonAnswer, problems } from '../describe.ts';
import type { AppEnv } from '../env.ts';
import type { BoundedSql } from '../../store/database.ts';

const listAnswer = z
  .object({
    success: z.literal(true),
    emails: z.array(
      z.object({
        email: z.string(),
        verified: z.boolean(),
        verifiedAt: z.iso.datetime().nullable(),
        purpose: z.string(),
        verificationMethod: z.string(),
        isPrimary: z.boolean(),
      }),
    ),
    total: z.int(),
  })
  .openapi('ListAnswer');

const route = createRoute({
  method: 'get',
  path: '/api/email-verification/list',
  summary: 'Your addresses',
  security: [{ bearer: [] }],
  request: { query: z.object({ all: z.enum(['true', 'false'], 'must be true or false').optional() }) },
  responses: {
    200: jsonAnswer(listAnswer, 'The addresses you verified; with all=true also those you only requested a code for.'),
    ...problems(400, 401, 429, 500, 503),
  },
});

type Needs = Readonly<{
  sql: BoundedSql;
}>;

export function list(app: OpenAPIHono<AppEnv>, { sql }: Needs): void {
  app.openapi(route, async (c) => {
    const all = c.req.valid('query').all === 'true';
    const rows = await listEmails(sql, c.get('caller').userId, all);
    const verified = rows.filter((row) => row.is_verified);
    const primary = verified.find((row) => row.verification_method === 'registration') ?? verified[0];
    const emails = rows.map((row) => ({
      email: row.email_address,
      verified: row.is_verified,
      verifiedAt: row.verified_at?.toISOString() ?? null,
      purpose: row.purpose,
      verificationMethod: row.verification_method,
      isPrimary: row === primary,
    }));
    return c.json({ success: true as const, emails, total: rows[0]?.total ?? 0 }, 200);
  });
}
