/** GET list: the caller's verified addresses, or all. The primary one is of the registration, else the first that was verified. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { listEmails } from '../../store/queries.ts';
import { jsonAnswer } from '../describe.ts';
import type { AppEnv } from '../env.ts';
import { ok, time } from '../fields.ts';
import type { BoundedSql } from '../../store/database.ts';

const listAnswer = z
  .object({
    ...ok,
    emails: z.array(
      z
        .object({
          email: z.string().openapi({ example: 'a@example.com' }),
          verified: z.boolean(),
          verifiedAt: time.nullable(),
          purpose: z.string().openapi({ example: 'verification' }),
          verificationMethod: z.string().openapi({ example: 'otp', description: 'otp, registration or admin.' }),
          isPrimary: z.boolean().openapi({
            description: 'Of one address at most: that of the registration, else the one that was verified first.',
          }),
        })
        .openapi('Address'),
    ),
    total: z.int().openapi({ description: 'How many there are; 500 are told at most.' }),
  })
  .openapi('ListAnswer');

const route = createRoute({
  method: 'get',
  operationId: 'listAddresses',
  path: '/api/email-verification/list',
  tags: ['Addresses'],
  summary: 'Your addresses',
  description: 'Those that you have verified; with `all=true` also those that you only asked a code for.',
  security: [{ bearer: [] }],
  request: {
    query: z.object({
      all: z
        .enum(['true', 'false'], 'must be true or false')
        .optional()
        .openapi({ description: 'Whether those that are not verified are told too.' }),
    }),
  },
  responses: {
    200: jsonAnswer(listAnswer, 'The addresses you verified; with all=true also those you only requested a code for.'),
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
