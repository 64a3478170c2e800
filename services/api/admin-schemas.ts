/** The fields of the admin's requests and answers, in the names that the guide's admin panel reads. */
import { z } from '@hono/zod-openapi';
import { emailField, purposeOrDefault } from './schemas.ts';

const PAGE_MAX = 100_000;

const page = z.coerce
  .number('a whole number from 1 is needed')
  .int('a whole number is needed')
  .min(1, 'at least 1 is needed')
  .max(PAGE_MAX)
  .default(1);
const limit = z.coerce
  .number('a whole number from 1 to 200 is needed')
  .int('a whole number is needed')
  .min(1, 'at least 1 is needed')
  .max(200, 'at most 200 is possible')
  .default(50);
const search = z.string().trim().max(254, 'at most 254 characters are possible').default('');

export const pageQuery = z.object({ page, limit });
export const emailsQuery = z.object({ page, limit, search });
export const codesQuery = z.object({ page, limit, email: search });

export const uuidField = z
  .string('a UUID is needed')
  .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'a UUID is needed')
  .transform((text) => text.toLowerCase())
  .openapi({ type: 'string', format: 'uuid' });

export const toggleBody = z
  .object({
    emailId: z.coerce
      .number('the id of an email is needed')
      .int('the id of an email is needed')
      .positive()
      .max(2_147_483_647, 'the id of an email is needed')
      .openapi({ type: 'integer', example: 7 }),
    verified: z.boolean('true or false is needed'),
  })
  .openapi('ToggleVerificationRequest');

export const manualBody = z
  .object({ userId: uuidField, email: emailField, purpose: purposeOrDefault })
  .openapi('ManualVerifyRequest');

export const addressBody = z.object({ email: emailField }).openapi('AddressRequest');

export const timelineQuery = z
  .object({ email: emailField.optional(), otpId: uuidField.optional() })
  .refine(({ email, otpId }) => (email === undefined) !== (otpId === undefined), 'either email or otpId is needed');

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
