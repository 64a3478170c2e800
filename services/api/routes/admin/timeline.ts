/** GET timeline: the events of an address, or of one code, in order, with what became of its mails. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { addressOfCode } from '../../../store/admin-queries.ts';
import type { AdminReads } from '../../../store/admin-reads.ts';
import { readFor } from '../../admin-read.ts';
import { readEventsAfter } from '../../../store/queries.ts';
import { jsonAnswer } from '../../describe.ts';
import type { AppEnv } from '../../env.ts';
import { Refused } from '../../http/problem.ts';
import { emailField, ok, time, uuidField } from '../../fields.ts';
import { countTo, nextCursor, place } from '../../paging.ts';

const EVENTS_MAX = 1000;

export const timelineQuery = z
  .object({
    email: emailField.optional(),
    otpId: uuidField.optional(),
    limit: countTo(EVENTS_MAX, EVENTS_MAX, 'How many events at most.'),
    after: place(/^\d{1,9}$/)
      .transform(Number)
      .optional(),
  })
  .refine(
    ({ email, otpId }) => (email === undefined) !== (otpId === undefined),
    'give one of email and otpId, and one of them only',
  );

const timelineAnswer = z
  .object({
    ...ok,
    email: z.string().openapi({ example: 'a@example.com' }),
    events: z.array(
      z
        .object({
          version: z.int().openapi({ description: 'Which event of the address it is, from 1.' }),
          at: time,
          type: z.string().openapi({ example: 'requested' }),
          data: z.record(z.string(), z.unknown()).openapi({ description: 'What the event says, by its type.' }),
        })
        .openapi('AddressEvent'),
    ),
    pagination: z.object({ limit: z.int(), nextCursor }),
  })
  .openapi('TimelineAnswer');

const route = createRoute({
  method: 'get',
  operationId: 'getTimeline',
  path: '/api/admin/email-management/timeline',
  tags: ['Verifications'],
  summary: 'Everything that happened to an address or a code',
  description:
    'Of one of `email` and `otpId`, and of one of them only. Oldest first, `limit` events at most. Where more follow, `pagination.nextCursor` is there: hand it over as `after`.',
  security: [{ bearer: [] }],
  request: { query: timelineQuery },
  responses: {
    200: jsonAnswer(timelineAnswer, 'The events, oldest first.'),
  },
});

/** Of no use to a reader, and nearer to the code than anything else here. */
const HIDDEN = new Set(['salt', 'digest', 'keyId']);

type Needs = Readonly<{
  reads: AdminReads;
}>;

export function timeline(app: OpenAPIHono<AppEnv>, { reads }: Needs): void {
  app.openapi(route, async (c) => {
    const { email, otpId, limit, after = 0 } = c.req.valid('query');
    const { address, found } = await readFor(c, reads, async (sql) => {
      const of = email ?? (await addressOfCode(sql, otpId ?? ''));
      if (of === undefined)
        throw new Refused('otp_unknown', { status: 404, detail: 'There is no code with this otpId.' });
      return { address: of, found: await readEventsAfter(sql, of, { otpId, after, limit: limit + 1 }) };
    });
    const told = found.slice(0, limit);
    const events = told.map(({ version, at, type, data }) => ({
      version,
      at: at.toISOString(),
      type,
      data: shown(data),
    }));
    const next = found.length > limit ? { nextCursor: String(told.at(-1)?.version) } : {};
    return c.json({ success: true as const, email: address, events, pagination: { limit, ...next } }, 200);
  });
}

function shown(data: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(data).filter(([name]) => !HIDDEN.has(name)));
}
