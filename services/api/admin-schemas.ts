/** The fields of the admin's requests and answers, in the names that the guide's admin panel reads. */
import { z } from '@hono/zod-openapi';
import { emailField, purposeOrDefault } from './schemas.ts';

const PAGE_MAX = 100_000;
const LIMIT_MAX = 200;

const countTo = (max: number, fallback: number) => {
  const form = `must be a whole number from 1 to ${max}`;
  return z.coerce.number(form).int({ error: form, abort: true }).min(1, form).max(max, form).default(fallback);
};

const page = countTo(PAGE_MAX, 1);
const limit = countTo(LIMIT_MAX, 50);
const search = z.string().trim().max(254, 'must have at most 254 characters').default('');

export const pageQuery = z.object({ page, limit });
export const emailsQuery = z.object({ page, limit, search });
export const codesQuery = z.object({ page, limit, email: search });

export const uuidField = z
  .string('must be a UUID')
  .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'must be a UUID')
  .transform((text) => text.toLowerCase())
  .openapi({ type: 'string', format: 'uuid' });

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
  .object({ userId: uuidField, email: emailField, purpose: purposeOrDefault })
  .openapi('ManualVerifyRequest');

export const addressBody = z.object({ email: emailField }).openapi('AddressRequest');

export const timelineQuery = z
  .object({ email: emailField.optional(), otpId: uuidField.optional() })
  .refine(
    ({ email, otpId }) => (email === undefined) !== (otpId === undefined),
    'give either email or otpId, not both',
  );

const pagination = z.object({ page: z.int(), limit: z.int(), total: z.int(), totalPages: z.int() });
const time = z.iso.datetime();

export const emailRecord = z.object({
  id: z.int(),
  user_id: z.string(),
  email_address: z.string(),
  is_verified: z.boolean(),
  verified_at: time.nullable(),
  purpose: z.string(),
  verification_method: z.string(),
  user_name: z.string().nullable(),
  created_at: time,
  updated_at: time,
});

const ok = { success: z.literal(true) };

export const emailsAnswer = z.object({ ...ok, emails: z.array(emailRecord), pagination }).openapi('UserEmailsAnswer');

export const changedAnswer = z.object({ ...ok, message: z.string(), email: emailRecord }).openapi('ChangedEmailAnswer');

export const doneAnswer = z.object({ ...ok, message: z.string() }).openapi('DoneAnswer');

export const statsAnswer = z
  .object({
    ...ok,
    stats: z.object({
      total_emails: z.int(),
      verified_emails: z.int(),
      pending_emails: z.int(),
      registration_verified: z.int(),
      otp_verified: z.int(),
      business_emails: z.int(),
      driver_emails: z.int(),
      by_purpose: z.array(z.object({ purpose: z.string(), total: z.int(), verified: z.int() })),
    }),
    recentVerifications: z.array(
      z.object({
        email_address: z.string(),
        verified_at: time,
        verification_method: z.string(),
        display_name: z.string().nullable(),
      }),
    ),
  })
  .openapi('StatsAnswer');

export const historyAnswer = z
  .object({
    ...ok,
    otpHistory: z.array(
      z.object({
        id: z.string(),
        email: z.string(),
        otp: z.literal('••••••'),
        purpose: z.string(),
        verified: z.boolean(),
        verified_at: time.nullable(),
        attempts: z.int(),
        created_at: time,
        display_name: z.string().nullable(),
      }),
    ),
    pagination,
  })
  .openapi('OtpHistoryAnswer');

export const timelineAnswer = z
  .object({
    ...ok,
    email: z.string(),
    events: z.array(
      z.object({ version: z.int(), at: time, type: z.string(), data: z.record(z.string(), z.unknown()) }),
    ),
  })
  .openapi('TimelineAnswer');

export const suppressionsAnswer = z
  .object({
    ...ok,
    suppressions: z.array(
      z.object({ email: z.string(), reason: z.enum(['admin', 'bounce', 'complaint']), since: time }),
    ),
    pagination,
  })
  .openapi('SuppressionsAnswer');
