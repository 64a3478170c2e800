/** GET otp-history: the codes, a page at a time, newest first. Always masked: nothing in the system can show a code. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { type CodePlace, pageOfCodes } from '../../../store/admin-lists.ts';
import type { AdminReads } from '../../../store/admin-reads.ts';
import { readFor } from '../../admin-read.ts';
import { jsonAnswer } from '../../describe.ts';
import type { AppEnv } from '../../env.ts';
import { pageQuery, pagination, paginationAnswer, place } from '../../paging.ts';
import { ok, searchField, time } from '../../fields.ts';

const codePlace = place(/^\d{1,16}_[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/).transform((text): CodePlace => {
  const [microseconds, id = ''] = text.split('_');
  return { microseconds: Number(microseconds), id };
});

export const codesQuery = pageQuery({ email: searchField }, codePlace);

const historyAnswer = z
  .object({
    ...ok,
    otpHistory: z.array(
      z
        .object({
          id: z.string().openapi({ example: '6f1b8a52-0a3e-4d6c-9f57-2b8f3c1d7e90' }),
          email: z.string().openapi({ example: 'a@example.com' }),
          otp: z.literal('••••••').openapi({ description: 'Always masked.' }),
          purpose: z.string().openapi({ example: 'verification' }),
          verified: z.boolean(),
          verified_at: time.nullable(),
          attempts: z.int(),
          created_at: time,
          display_name: z.string().nullable().openapi({ description: 'Always null: Sealpost knows no names.' }),
        })
        .openapi('CodeRecord'),
    ),
    pagination: paginationAnswer,
  })
  .openapi('OtpHistoryAnswer');

const route = createRoute({
  method: 'get',
  operationId: 'listCodes',
  path: '/api/admin/email-management/otp-history',
  tags: ['Verifications'],
  summary: 'The codes that were requested, masked',
  description:
    'Newest first. `email` is a whole address, or a part of one, which is looked for among the newest 250,000 codes behind `after`.',
  security: [{ bearer: [] }],
  request: { query: codesQuery },
  responses: { 200: jsonAnswer(historyAnswer, 'A page of codes.') },
});

type Needs = Readonly<{
  reads: AdminReads;
}>;

export function otpHistory(app: OpenAPIHono<AppEnv>, { reads }: Needs): void {
  app.openapi(route, async (c) => {
    const { email, ...page } = c.req.valid('query');
    const { rows, ...found } = await readFor(c, reads, (sql) => pageOfCodes(sql, page, email));
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
    const about = pagination(page, found, ({ microseconds, id }) => `${microseconds}_${id}`);
    return c.json({ success: true as const, otpHistory: otpHistoryRows, pagination: about }, 200);
  });
}
