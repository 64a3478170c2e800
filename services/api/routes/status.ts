/** GET status/:email: whether the caller verified this address, now or at a moment of the past, and where its newest mail is. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { isoOf } from '../../core/events.ts';
import { asOf } from '../../core/as-of.ts';
import { type AddressState, emptyAddress, latestDelivery, verifiedLink } from '../../core/state.ts';
import { readRecorded, readState } from '../../store/queries.ts';
import { jsonAnswer } from '../describe.ts';
import type { AppEnv } from '../env.ts';
import type { BoundedSql } from '../../store/database.ts';
import { emailField, momentField, ok, saying, time } from '../fields.ts';
import { en } from '../messages/languages/en.ts';
import { sayTo } from '../messages/speak.ts';

const deliveryField = z
  .enum(['queued', 'sent', 'delivered', 'bounced', 'complained', 'failed'])
  .openapi('Delivery', { description: 'Where the newest mail to the address is, of those that you asked for.' });

const methodField = z
  .enum(['otp', 'registration', 'admin'])
  .openapi({ description: 'Who proved it: a code, the host application, or an admin.' });

/** With `?at=`: the moment, and the event that had made it so. */
const past = {
  at: time.optional().openapi({ description: 'With `at`: the moment that the answer is about.' }),
  event: z
    .object({ version: z.int(), type: z.string().openapi({ example: 'verified' }), at: time })
    .optional()
    .openapi({ description: 'With `at`: the event that had made it so.' }),
};

const statusAnswer = z
  .union([
    z
      .object({
        ...ok,
        verified: z.literal(true),
        verifiedAt: time,
        purpose: z.string().openapi({ example: 'verification' }),
        verificationMethod: methodField,
        delivery: deliveryField.optional(),
        ...past,
      })
      .openapi('AddressVerified'),
    z
      .object({
        ...ok,
        verified: z.literal(false),
        message: saying(en.notVerified),
        delivery: deliveryField.optional(),
        ...past,
      })
      .openapi('AddressNotVerified'),
  ])
  .openapi('StatusAnswer');

const route = createRoute({
  method: 'get',
  operationId: 'getStatus',
  path: '/api/email-verification/status/{email}',
  tags: ['Addresses'],
  summary: 'Whether you verified an address',
  description: 'Now, or with `at` at a moment of the past; and where the newest mail that you asked for is.',
  security: [{ bearer: [] }],
  request: { params: z.object({ email: emailField }), query: z.object({ at: momentField.optional() }) },
  responses: { 200: jsonAnswer(statusAnswer, 'The state of the address.') },
});

type Needs = Readonly<{
  sql: BoundedSql;
}>;

export function status(app: OpenAPIHono<AppEnv>, { sql }: Needs): void {
  app.openapi(route, async (c) => {
    const { email } = c.req.valid('param');
    const { at } = c.req.valid('query');
    const { userId } = c.get('caller');
    if (at === undefined) {
      const state = await readState(sql, email);
      return c.json(answerOf(state ?? emptyAddress, userId, c), 200);
    }
    const { state, because } = asOf(await readRecorded(sql, email), at.getTime(), userId);
    const event = because && { version: because.version, type: because.type, at: isoOf(because.at) };
    return c.json({ ...answerOf(state, userId, c), at: at.toISOString(), ...(event ? { event } : {}) }, 200);
  });
}

function answerOf(state: AddressState, userId: string, c: Context<AppEnv>) {
  const delivery = latestDelivery(state, userId);
  const link = verifiedLink(state, userId);
  const more = delivery ? { delivery } : {};
  if (!link) {
    return { success: true as const, verified: false as const, message: sayTo(c, 'notVerified'), ...more };
  }
  const { purpose, proof } = link;
  return {
    success: true as const,
    verified: true as const,
    verifiedAt: isoOf(proof.at),
    purpose,
    verificationMethod: proof.method,
    ...more,
  };
}
