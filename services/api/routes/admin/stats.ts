/** GET stats: the figures of the admin panel's first page, and the newest verifications of the last seven days. */
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { readStats } from '../../../store/admin-queries.ts';
import { statsAnswer } from '../../admin-schemas.ts';
import { jsonAnswer, problems } from '../../describe.ts';
import type { AppEnv } from '../../env.ts';
import type { BoundedSql } from '../../../store/database.ts';

const route = createRoute({
  method: 'get',
  path: '/api/admin/email-management/stats',
  summary: 'How many addresses, verified how',
  security: [{ bearer: [] }],
  responses: { 200: jsonAnswer(statsAnswer, 'The figures.'), ...problems(401, 403, 429, 500, 503) },
});

type Needs = Readonly<{
  sql: BoundedSql;
}>;

export function stats(app: OpenAPIHono<AppEnv>, { sql }: Needs): void {
  app.openapi(route, async (c) => {
    const { stats: figures, byPurpose, recent } = await readStats(sql);
    const recentVerifications = recent.map(({ email_address, verified_at, verification_method }) => ({
      email_address,
      verified_at: verified_at.toISOString(),
      verification_method,
      display_name: null,
    }));
    return c.json(
      { success: true as const, stats: { ...figures, by_purpose: [...byPurpose] }, recentVerifications },
      200,
    );
  });
}
