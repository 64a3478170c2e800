/** GET sending, POST sending/resume: whom mails go out to, by how many came back, and an admin's word that they may again. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Held, Standing } from '../../../mail/reputation.ts';
import type { BoundedSql } from '../../../store/database.ts';
import { resumeSending } from '../../../store/reputation.ts';
import { jsonAnswer, saidDone } from '../../describe.ts';
import type { AppEnv } from '../../env.ts';
import { ok, time } from '../../fields.ts';
import { Refused } from '../../http/problem.ts';

const held = z.object({ because: z.enum(['bounced', 'complained']), until: time }).openapi('Held');

const heldUser = z
  .object({ ...held.shape, userId: z.string().openapi({ example: '7f1c1c9e-8f43-4c55-9a2b-0f7d1e2a3b4c' }) })
  .openapi('HeldUser');

const sendingAnswer = z
  .object({
    ...ok,
    sending: z.object({
      to: z.enum(['everyone', 'proven']),
      paused: z.union([held, z.null()]),
      pausedUsers: z.array(heldUser),
      bounceRatio: z.number().openapi({ example: 0.01, description: 'Of the mails of the last day, from 0 to 1.' }),
      complaintRatio: z.number().openapi({ example: 0, description: 'The same of complaints.' }),
    }),
  })
  .openapi('SendingAnswer');

const DONE = 'Mails go out to everybody again, within half a minute at every process.';

const PATH = '/api/admin/email-management/sending';

const reading = createRoute({
  method: 'get',
  operationId: 'getSending',
  path: PATH,
  tags: ['Sending'],
  summary: 'Whom mails go out to, and whose came back too often',
  description:
    'Where too many mails of all users came back, only addresses that are known to be read get one; a user whose own mails came back waits alone.',
  security: [{ bearer: [] }],
  responses: { 200: jsonAnswer(sendingAnswer, 'As this process saw it last.') },
});

const resuming = createRoute({
  method: 'post',
  operationId: 'resumeSending',
  path: `${PATH}/resume`,
  tags: ['Sending'],
  'x-asks': 'Send to everybody again? What came back before is forgotten, and that cannot be undone.',
  summary: 'Send to everybody again',
  description: 'What came back before no longer counts.',
  security: [{ bearer: [] }],
  responses: { 200: saidDone('Done.', DONE) },
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
    return c.json({ success: true as const, message: DONE }, 200);
  });
}

const answerOf = ({ kind, until }: Held) => ({ because: kind, until: new Date(until).toISOString() });
