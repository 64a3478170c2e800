/** GET stats: the figures of the admin panel's first page, and the newest verifications of the last seven days. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { AdminReads } from '../../../store/admin-reads.ts';
import { unlessLeft } from '../../admin-read.ts';
import { jsonAnswer } from '../../describe.ts';
import type { AppEnv } from '../../env.ts';
import { ok, time } from '../../fields.ts';

const statsAnswer = z
  .object({
    ...ok,
    asOf: time,
    stats: z.object({
      total_emails: z.int(),
      verified_emails: z.int(),
      pending_emails: z.int(),
      registration_verified: z.int(),
      otp_verified: z.int(),
      business_emails: z.int(),
      driver_emails: z.int(),
      by_purpose: z.array(
        z
          .object({ purpose: z.string().openapi({ example: 'verification' }), total: z.int(), verified: z.int() })
          .openapi('PurposeStats'),
      ),
    }),
    recentVerifications: z.array(
      z
        .object({
          email_address: z.string().openapi({ example: 'a@example.com' }),
          verified_at: time,
          verification_method: z.string().openapi({ example: 'otp' }),
          display_name: z.string().nullable().openapi({ description: 'Always null: Sealpost knows no names.' }),
        })
        .openapi('RecentVerification'),
    ),
  })
  .openapi('StatsAnswer');

const route = createRoute({
  method: 'get',
  operationId: 'getStats',
  path: '/api/admin/email-management/stats',
  tags: ['Verifications'],
  summary: 'How many addresses there are, and how they were verified',
  description: 'Of now up to 100,000 addresses; where there are more, counted once a minute at most, at `asOf`.',
  security: [{ bearer: [] }],
  responses: { 200: jsonAnswer(statsAnswer, 'The figures.') },
});

type Needs = Readonly<{
  reads: AdminReads;
}>;

export function stats(app: OpenAPIHono<AppEnv>, { reads }: Needs): void {
  app.openapi(route, async (c) => {
    const { stats: figures, byPurpose, recent, asOf } = await unlessLeft(c, (signal) => reads.figures(signal));
    const recentVerifications = recent.map(({ email_address, verified_at, verification_method }) => ({
      email_address,
      verified_at: verified_at.toISOString(),
      verification_method,
      display_name: null,
    }));
    return c.json(
      {
        success: true as const,
        stats: { ...figures, by_purpose: [...byPurpose] },
        asOf: asOf.toISOString(),
        recentVerifications,
      },
      200,
    );
  });
}
