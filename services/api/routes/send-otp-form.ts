/** What send-otp and resend-otp take and answer. */
import { z } from '@hono/zod-openapi';
import { emailField, localeField, ok, purposeOrDefault, saying, time } from '../fields.ts';
import { en } from '../messages/languages/en.ts';

export const sendBody = z
  .object({
    email: emailField,
    purpose: purposeOrDefault,
    locale: localeField,
  })
  .openapi('SendOtpRequest');

export const idempotencyHeader = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{16,255}$/, 'Idempotency-Key: must be 16 to 255 visible ASCII characters')
    .optional()
    .openapi({
      example: '7d0f7a3e-3c1c-4d3b-9a55-1f0c2b8e6a11',
      description:
        'A text of your own for this one request, such as a UUID. Whoever repeats the request with it gets the first answer again, and no second mail goes out; kept for a day.',
    }),
});

export const sentAnswer = z
  .union([
    z
      .object({
        ...ok,
        message: saying(en.sent),
        otpId: z.uuid().openapi({
          example: '6f1b8a52-0a3e-4d6c-9f57-2b8f3c1d7e90',
          description: 'The id of the code, for verify-otp.',
        }),
        expiresIn: z.int().openapi({ example: 600, description: 'How long the code lives, in seconds.' }),
        expiresAt: time.openapi({ example: '2026-03-03T12:10:00.000Z', description: 'When it expires.' }),
        resendAfter: z.int().openapi({ example: 60, description: 'When the next mail may be asked for, in seconds.' }),
        otpLength: z.int().openapi({ example: 6, description: 'How many digits the code has.' }),
        maxAttempts: z.int().openapi({ example: 3, description: 'How many guesses of it are judged.' }),
      })
      .openapi('CodeSent'),
    z
      .object({ ...ok, message: saying(en.alreadyVerified), alreadyVerified: z.literal(true) })
      .openapi('AlreadyVerified'),
  ])
  .openapi('SendOtpAnswer');
