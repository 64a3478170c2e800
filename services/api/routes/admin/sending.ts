/** GET sending, POST sending/resume: whom mails go out to, by how many came back, and an admin's word that they may again. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Held, Standing } from '../../../mail/reputation.ts';
import type { BoundedSql } from '../../../store/database.ts';
import { resumeSending } from '../../../store/reputation.ts';
import { jsonAnswer, problems } from '../../describe.ts';
import type { AppEnv } from '../../env.ts';
import { doneAnswer, ok, time } from '../../fields.ts';
import { Refused } from '../../http/problem.ts';

const held = z.object({ because: z.enum(['bounced', 'complained']), until: time });

const sendingAnswer = z
  .object({
    ...ok,
    sending: z.object({
      to: z.enum(['everyone', 'proven']),
      paused: held.nullable(),
      pausedUsers: z.array(held.extend({ userId: z.string() })),
      bounceRatio: z.number(),
      complaintRatio: z.number(),
    }),
  })
  .openapi('SendingAnswer');

const PATH = '/api/admin/email-management/sending';

const reading = createRoute({
  method: 'get',
  path: PATH,
  summary: 'Whom mails go out to, and whose came back too often',
  security: [{ bearer: [] }],
  responses: { 200: jsonAnswer(sendingAnswer, 'As this process saw it last.'), ...problems(401, 403, 429, 500, 503) },
});

const resuming = createRoute({
  method: 'post',
  path: `${PATH}/resume`,
  summary: 'Send to everybody again: what came back before no longer counts',
  security: [{ bearer: [] }],
  responses: { 200: jsonAnswer(doneAnswer, 'Done.'), ...problems(401, 403, 429, 500, 503) },
});

type Needs = Readonly<{
  sql: BoundedSql;
  /** Undefined until the first look. */
  standing: () => Standing | undefined;
  /** Looks now. */
  lookAgain: () => Promise<void>;
}>;

export function sending(app: OpenAPIHono<AppEnv>, { sql, standing, lookAgain }: Needs): void {
  app.openapi(reading, (c) => {
    const seen = standing();
    if (!seen) throw new Refused('store_unavailable', { retryAfterSeconds: 1 });
    const { everybody, users, bounceRatio, complaintRatio } = seen;
    const pausedUsers = [...users].map(([userId, one]) => ({ userId, ...answerOf(one) }));
    const now = {
      to: everybody ? ('proven' as const) : ('everyone' as const),
      pausedUsers,
      bounceRatio,
      complaintRatio,
    };
    return c.json({ success: true as const, sending: { ...now, paused: everybody ? answerOf(everybody) : null } }, 200);
  });

  app.openapi(resuming, async (c) => {
    await resumeSending(sql, c.get('caller').userId);
    await lookAgain();
    return c.json(
      { success: true as const, message: 'Mails go out to everybody again, within half a minute at every process.' },
      200,
    );
  });
}

const answerOf = ({ kind, until }: Held) => ({ because: kind, until: new Date(until).toISOString() });
