/** POST toggle-verification and manual-verify: an admin says that an address is verified, or is not. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { EmailAddress } from '../../../core/email-address.ts';
import { isPseudonym } from '../../../core/erase.ts';
import { userIdOf } from '../../../runtime/subject.ts';
import { type EmailRecord, findEmail, readEmail } from '../../../store/admin-queries.ts';
import { jsonAnswer, jsonBody } from '../../describe.ts';
import { emailRecordOf, emailRecord } from '../../email-record.ts';
import type { AppEnv } from '../../env.ts';
import { Refused, refusedBy } from '../../http/problem.ts';
import { hasRole } from '../../identity/authenticate.ts';
import type { BoundedSql } from '../../../store/database.ts';
import type { Handler } from '../../../store/handle.ts';
import { emailField, ok, purposeOrDefault, saying, subjectField } from '../../fields.ts';

const EMAIL_ID_MAX = 2_147_483_647;

const emailIdNumber = z
  .number('must be the id of an email')
  .int('must be the id of an email')
  .min(1, 'must be the id of an email')
  .max(EMAIL_ID_MAX, 'must be the id of an email');

export const toggleBody = z
  .object({
    emailId: z
      .union([z.number(), z.string().regex(/^\d{1,10}$/, 'must be the id of an email')], 'must be the id of an email')
      .transform(Number)
      .pipe(emailIdNumber)
      .openapi({
        type: 'integer',
        minimum: 1,
        maximum: EMAIL_ID_MAX,
        example: 7,
        description: '`id` of user-emails; its digits as a text are taken too.',
      }),
    verified: z.boolean('must be true or false'),
  })
  .openapi('ToggleVerificationRequest');

/** What a caller with one of SERVICE_ROLES may call. */
export const OF_SERVICES: ReadonlySet<string> = new Set(['/api/admin/email-management/manual-verify']);

const METHOD = 'must be admin or registration';

const methodField = z
  .union([z.enum(['admin', 'registration'], METHOD).openapi('AssertedMethod'), z.null()], METHOD)
  .optional()
  .transform((method) => method ?? 'admin')
  .openapi({
    example: 'registration',
    description:
      "Whose word it is: an admin's (the default), or the host application's, which has verified the address at registration. A caller with one of SERVICE_ROLES may say the latter alone.",
  });

export const manualBody = z
  .object({ userId: subjectField, email: emailField, purpose: purposeOrDefault, method: methodField })
  .openapi('ManualVerifyRequest');

const changedAnswer = z
  .object({ ...ok, message: saying('The email is verified.'), email: emailRecord })
  .openapi('ChangedEmailAnswer');

const described = {
  method: 'post' as const,
  security: [{ bearer: [] }],
  responses: {
    200: jsonAnswer(changedAnswer, 'The email as it is now.'),
  },
};

const toggle = createRoute({
  ...described,
  operationId: 'setVerification',
  path: '/api/admin/email-management/toggle-verification',
  tags: ['Verifications'],
  summary: 'Set or revoke the verification of an email',
  description:
    'By the id that user-emails has. An admin who takes a verification back is not overruled by the host application, only by a code or an admin.',
  request: { body: jsonBody(toggleBody) },
});

const manual = createRoute({
  ...described,
  operationId: 'verifyManually',
  path: '/api/admin/email-management/manual-verify',
  tags: ['Verifications'],
  summary: "Verify a user's address by hand",
  description:
    'By an admin, or for what the host application has verified itself: then `method` is `registration`, for which one of SERVICE_ROLES is enough.',
  responses: { ...described.responses },
  request: { body: jsonBody(manualBody) },
});

type Said = Readonly<{
  address: EmailAddress;
  userId: string;
  purpose: string;
  verified: boolean;
  method: 'admin' | 'registration';
  by: string;
}>;

type Needs = Readonly<{
  sql: BoundedSql;
  handler: Handler;
  /** Of the users' tokens; without it, the users are of the issuer that signed the admin's. */
  issuer: string | undefined;
  adminRoles: ReadonlySet<string>;
}>;

export function assertVerification(app: OpenAPIHono<AppEnv>, { sql, handler, issuer, adminRoles }: Needs): void {
  app.openapi(toggle, async (c) => {
    const { emailId, verified } = c.req.valid('json');
    const row = await readEmail(sql, emailId);
    if (!row || isPseudonym(row.email_address)) throw new Refused('email_unknown');
    const { email_address: address, user_id: userId, purpose } = row;
    const email = await say({ address, userId, purpose, verified, method: 'admin', by: c.get('caller').userId });
    const message = verified ? 'The email is verified.' : 'The email is no longer verified.';
    return c.json({ success: true as const, message, email: emailRecordOf(email) }, 200);
  });

  app.openapi(manual, async (c) => {
    const { userId: subject, email: address, purpose, method } = c.req.valid('json');
    const caller = c.get('caller');
    if (method === 'admin' && !hasRole(caller, adminRoles)) throw new Refused('forbidden');
    const userId = userIdOf(subject, issuer ?? caller.issuer);
    const email = await say({ address, userId, purpose, verified: true, method, by: caller.userId });
    return c.json({ success: true as const, message: 'The email is verified.', email: emailRecordOf(email) }, 200);
  });

  async function say(said: Said): Promise<EmailRecord> {
    const handled = await handler.handle({ type: 'assert-verification', ...said });
    if (handled.kind === 'rejected') throw refusedBy(handled.rejection);
    const row = await findEmail(sql, said.address, said.userId, said.purpose);
    if (!row) throw new Refused('email_unknown');
    return row;
  }
}
