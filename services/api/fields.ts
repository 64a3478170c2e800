/** The fields that several routes share, once: what validates also types and describes. */
import { z } from '@hono/zod-openapi';
import { type EmailAddress, parseEmailAddress } from '../core/email-address.ts';
import { DEFAULT_PURPOSE, PURPOSE } from '../core/purpose.ts';
import { SUBJECT_CHARACTERS_MAX, subjectOf } from '../runtime/subject.ts';
import { UUID } from '../runtime/uuid.ts';

/** One address, in its canonical form after parsing. */
export const emailField = z
  .string('must be an email address, such as a@example.com')
  .transform((text, context): EmailAddress => {
    const parsed = parseEmailAddress(text);
    if (parsed.ok) return parsed.address;
    context.addIssue({ code: 'custom', message: parsed.reason });
    return z.NEVER;
  })
  .openapi({ type: 'string', format: 'email', example: 'a@example.com' });

export const purposeField = z
  .string('must be a string')
  .regex(PURPOSE, 'must be a letter followed by up to 49 letters, digits, _ or -')
  .openapi({ example: 'verification' });

/** Absent or null: `verification`. */
export const purposeOrDefault = purposeField.nullish().transform((purpose) => purpose ?? DEFAULT_PURPOSE);

const LOCALE_CHARACTERS_MAX = 100;

// What cannot be read is no preference: an app sends what its platform calls a locale, and still wants its mail.
export const localeField = z
  .string()
  .max(LOCALE_CHARACTERS_MAX)
  .nullish()
  .catch(undefined)
  .openapi({
    type: ['string', 'null'],
    example: 'en',
    description:
      'Language of the mail, such as en, pt-BR or pt_BR. If it is absent, malformed or not available, Accept-Language decides.',
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

export const uuidField = z
  .string('must be a UUID')
  .regex(UUID, 'must be a UUID')
  .transform((text) => text.toLowerCase())
  .openapi({ type: 'string', format: 'uuid' });

/** A user as an admin names one: the subject of the user's tokens, in whatever form the issuer gives it. */
export const subjectField = z
  .union([z.string(), z.number()], "must be the user's id, as the user's tokens have it")
  .transform((given, context): string => {
    const read = given === '' ? { fault: 'must not be empty' } : subjectOf(given);
    if ('subject' in read) return read.subject;
    context.addIssue({ code: 'custom', message: read.fault });
    return z.NEVER;
  })
  .openapi({
    type: ['string', 'integer'],
    minLength: 1,
    maxLength: SUBJECT_CHARACTERS_MAX,
    example: 'auth0|5f7c8ec7c33c6c004bbafe82',
    description: "The user's id as the user's tokens have it: a UUID, or whatever else the issuer names its users by.",
  });

export const searchField = z.string().trim().max(254, 'must have at most 254 characters').default('');

export const time = z.iso.datetime();

export const ok = { success: z.literal(true) };

export const addressBody = z.object({ email: emailField }).openapi('AddressRequest');

export const doneAnswer = z.object({ ...ok, message: z.string() }).openapi('DoneAnswer');
