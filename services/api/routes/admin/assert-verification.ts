/** POST toggle-verification and manual-verify: an admin says that an address is verified, or is not. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { EmailAddress } from '../../../core/email-address.ts';
import { isPseudonym } from '../../../core/erase.ts';
import { userIdOf } from '../../../runtime/subject.ts';
import { type EmailRecord, findEmail, readEmail } from '../../../store/admin-queries.ts';
import { jsonAnswer, jsonBody, problems } from '../../describe.ts';
import { emailRecordOf, emailRecord } from '../../email-record.ts';
import type { AppEnv } from '../../env.ts';
import { Refused, refusedBy } from '../../http/problem.ts';
import type { BoundedSql } from '../../../store/database.ts';
import type { Handler } from '../../../store/handle.ts';
import { emailField, ok, purposeOrDefault, subjectField } from '../../fields.ts';

export const toggleBody = z
  .object({
    emailId: z.coerce
      .number('must be the id of an email')
      .int('must be the id of an email')
      .min(1, 'must be the id of an email')
      .max(2_147_483_647, 'must be the id of an email')
      .openapi({ type: 'integer', example: 7 }),
    verified: z.boolean('must be true or false'),
  })
  .openapi('ToggleVerificationRequest');

export const manualBody = z
  .object({ userId: subjectField, email: emailField, purpose: purposeOrDefault })
  .openapi('ManualVerifyRequest');

const changedAnswer = z.object({ ...ok, message: z.string(), email: emailRecord }).openapi('ChangedEmailAnswer');

const described = {
  method: 'post' as const,
  security: [{ bearer: [] }],
  responses: {
    200: jsonAnswer(changedAnswer, 'The email as it is now.'),
    ...problems(400, 401, 403, 404, 413, 415, 429, 500, 503),
  },
};

const toggle = createRoute({
  ...described,
  path: '/api/admin/email-management/toggle-verification',
  summary: 'Set or revoke the verification of an email',
  request: { body: jsonBody(toggleBody) },
});

const manual = createRoute({
  ...described,
  path: '/api/admin/email-management/manual-verify',
  summary: "Verify a user's address by hand",
  request: { body: jsonBody(manualBody) },
});

type Said = Readonly<{ address: EmailAddress; userId: string; purpose: string; verified: boolean; by: string }>;

type Needs = Readonly<{
  sql: BoundedSql;
  handler: Handler;
  /** Of the users' tokens; without it, the users are of the issuer that signed the admin's. */
  issuer: string | undefined;
}>;

export function assertVerification(app: OpenAPIHono<AppEnv>, { sql, handler, issuer }: Needs): void {
  app.openapi(toggle, async (c) => {
    const { emailId, verified } = c.req.valid('json');
    const row = await readEmail(sql, emailId);
    if (!row || isPseudonym(row.email_address)) throw new Refused('email_unknown');
    const { email_address: address, user_id: userId, purpose } = row;
    const email = await say({ address, userId, purpose, verified, by: c.get('caller').userId });
    const message = verified ? 'The email is verified.' : 'The email is no longer verified.';
    return c.json({ success: true as const, message, email: emailRecordOf(email) }, 200);
  });

  app.openapi(manual, async (c) => {
    const { userId: subject, email: address, purpose } = c.req.valid('json');
    const caller = c.get('caller');
    const userId = userIdOf(subject, issuer ?? caller.issuer);
    const email = await say({ address, userId, purpose, verified: true, by: caller.userId });
    return c.json({ success: true as const, message: 'The email is verified.', email: emailRecordOf(email) }, 200);
  });

  async function say(said: Said): Promise<EmailRecord> {
    const handled = await handler.handle({ type: 'assert-verification', method: 'admin', ...said });
    if (handled.kind === 'rejected') throw refusedBy(handled.rejection);
    const row = await findEmail(sql, said.address, said.userId, said.purpose);
    if (!row) throw new Refused('email_unknown');
    return row;
  }
}
