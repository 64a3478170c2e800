/** The fields of requests and answers, once: what validates also types and describes. */
import { z } from '@hono/zod-openapi';
import { type EmailAddress, parseEmailAddress } from '../core/email-address.ts';
import { isPseudonym } from '../core/erase.ts';
import { typedCode } from '../core/typed-code.ts';

/** One address, in its canonical form after parsing. */
export const emailField = z
  .string('must be an email address, such as a@example.com')
  .transform((text, context): EmailAddress => {
    const parsed = parseEmailAddress(text);
    if (parsed.ok && !isPseudonym(parsed.address)) return parsed.address;
    const reason = parsed.ok ? 'must not be the placeholder of an erased address' : parsed.reason;
    context.addIssue({ code: 'custom', message: reason });
    return z.NEVER;
  })
  .openapi({ type: 'string', format: 'email', example: 'a@example.com' });

// No dots or slashes: the purpose stands in the mail, where mail programs would make a link of a domain.
export const purposeField = z
  .string('must be a string')
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,49}$/, 'must be a letter followed by up to 49 letters, digits, _ or -')
  .openapi({ example: 'verification' });

/** Absent or null: `verification`. */
export const purposeOrDefault = purposeField.nullish().transform((purpose) => purpose ?? 'verification');

// What cannot be read is no preference: an app sends what its platform calls a locale, and still wants its mail.
export const localeField = z
  .string()
  .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/)
  .nullish()
  .catch(undefined)
  .openapi({
    type: ['string', 'null'],
    example: 'en',
    description: 'Language of the mail, such as en or pt-BR; absent, unreadable or not there: Accept-Language decides.',
  });

const DAY_MILLISECONDS = 86_400_000;

/** A moment of the past; a date alone means the end of that day, UTC. */
export const momentField = z
  .union(
    [
      z.iso.datetime({ offset: true }).transform((text) => new Date(text)),
      z.iso.date().transform((text) => new Date(Date.parse(text) + DAY_MILLISECONDS - 1)),
    ],
    'must be a date such as 2026-03-03 or a time such as 2026-03-03T12:00:00Z',
  )
  .openapi({ type: 'string', example: '2026-03-03', description: 'A date (the end of that day, UTC) or a date-time.' });

export const sendBody = z
  .object({
    email: emailField,
    purpose: purposeOrDefault,
    locale: localeField,
  })
  .openapi('SendOtpRequest');

export const verifyBody = z
  .object({
    email: emailField,
    otp: z
      .string('must be the code, as a string of digits')
      .max(64, 'must have at most 64 characters')
      .transform(typedCode)
      .refine((text) => text !== '', 'must be the code, as a string of digits')
      .openapi({
        type: 'string',
        example: '123456',
        description: "In any script's digits; blanks, dashes and invisible marks in it do not count.",
      }),
    otpId: z
      .string('must be a UUID')
      .max(64, 'must be a UUID')
      .transform((text) => text.toLowerCase())
      .nullish()
      .openapi({
        type: ['string', 'null'],
        format: 'uuid',
        description:
          'The code that is meant, whatever its purpose; absent: the newest of this user, address and purpose.',
      }),
    purpose: purposeField.nullish().openapi({ description: 'Counts where there is no otpId.' }),
  })
  .openapi('VerifyOtpRequest');

export const idempotencyHeader = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{16,255}$/, 'Idempotency-Key: must be 16 to 255 visible ASCII characters')
    .optional(),
});

const delivery = z.enum(['queued', 'sent', 'delivered', 'bounced', 'complained', 'failed']);
const method = z.enum(['otp', 'registration', 'admin']);

export const sentAnswer = z
  .union([
    z.object({
      success: z.literal(true),
      message: z.string(),
      otpId: z.uuid(),
      expiresIn: z.int(),
      expiresAt: z.iso.datetime(),
      resendAfter: z.int(),
      otpLength: z.int(),
      maxAttempts: z.int(),
    }),
    z.object({ success: z.literal(true), message: z.string(), alreadyVerified: z.literal(true) }),
  ])
  .openapi('SendOtpAnswer');

export const verifiedAnswer = z
  .object({
    success: z.literal(true),
    message: z.string(),
    emailVerified: z.literal(true),
    verificationSource: z.literal('otp'),
  })
  .openapi('VerifyOtpAnswer');

/** With `?at=`: the moment, and the event that had made it so. */
const past = {
  at: z.iso.datetime().optional(),
  event: z.object({ version: z.int(), type: z.string(), at: z.iso.datetime() }).optional(),
};

export const statusAnswer = z
  .union([
    z.object({
      success: z.literal(true),
      verified: z.literal(true),
      verifiedAt: z.iso.datetime(),
      purpose: z.string(),
      verificationMethod: method,
      delivery: delivery.optional(),
      ...past,
    }),
    z.object({
      success: z.literal(true),
      verified: z.literal(false),
      message: z.string(),
      delivery: delivery.optional(),
      ...past,
    }),
  ])
  .openapi('StatusAnswer');

export const listAnswer = z
  .object({
    success: z.literal(true),
    emails: z.array(
      z.object({
        email: z.string(),
        verified: z.boolean(),
        verifiedAt: z.iso.datetime().nullable(),
        purpose: z.string(),
        verificationMethod: z.string(),
        isPrimary: z.boolean(),
      }),
    ),
    total: z.int(),
  })
  .openapi('ListAnswer');

export const problemAnswer = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string(),
    success: z.literal(false),
    message: z.string(),
    error: z.string(),
  })
  .openapi('Problem');
