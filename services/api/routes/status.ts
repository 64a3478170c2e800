/** GET status/:email: whether the caller verified this address, and where the mail of its newest request is. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { emptyAddress, latestDelivery, verifiedLink } from '../../core/state.ts';
import { answered } from '../../store/database.ts';
import { readState } from '../../store/queries.ts';
import { jsonAnswer, problems } from '../describe.ts';
import { type AppEnv, READ_TIMEOUT_MILLISECONDS, type Services } from '../env.ts';
import { emailField, statusAnswer } from '../schemas.ts';

const route = createRoute({
  method: 'get',
  path: '/api/email-verification/status/{email}',
  summary: 'Whether you verified an address',
  security: [{ bearer: [] }],
  request: { params: z.object({ email: emailField }) },
  responses: { 200: jsonAnswer(statusAnswer, 'The state of the address.'), ...problems(400, 401, 429, 500, 503) },
});

export function status(app: OpenAPIHono<AppEnv>, { sql }: Services): void {
  app.openapi(route, async (c) => {
    const { email } = c.req.valid('param');
    const { userId } = c.get('caller');
    const state = (await answered(readState(sql, email), READ_TIMEOUT_MILLISECONDS)) ?? emptyAddress;
    const delivery = latestDelivery(state, userId);
    const link = verifiedLink(state, userId);
    const more = delivery ? { delivery } : {};
    if (!link) {
      return c.json(
        { success: true as const, verified: false as const, message: 'The address is not verified.', ...more },
        200,
      );
    }
    const { purpose, proof } = link;
    const verifiedAt = new Date(proof.at).toISOString();
    const answer = {
      success: true as const,
      verified: true as const,
      verifiedAt,
      purpose,
      verificationMethod: proof.method,
    };
    return c.json({ ...answer, ...more }, 200);
  });
}
