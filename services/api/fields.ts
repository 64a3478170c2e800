/** The fields that several routes share, once: what validates also types and describes. */
import { z } from '@hono/zod-openapi';
import { type EmailAddress, parseEmailAddress } from '../core/email-address.ts';
import { DEFAULT_PURPOSE, PURPOSE } from '../core/purpose.ts';
import { SUBJECT_CHARACTERS_MAX, subjectOf } from '../runtime/subject.ts';
import { UUID } from '../runtime/uuid.ts';

const ADDRESS_CHARACTERS_MAX = 254;

/** One address, in its canonical form after parsing. */
export const emailField = z
  .string('must be an email address, such as a@example.com')
  .max(ADDRESS_CHARACTERS_MAX, `must have at most ${ADDRESS_CHARACTERS_MAX} characters`)
  .transform((text, context): EmailAddress => {
    const parsed = parseEmailAddress(text);
    if (parsed.ok) return parsed.address;
    context.addIssue({ code: 'custom', message: parsed.reason });
    return z.NEVER;
  })
  .openapi({
    format: 'email',
    example: 'a@example.com',
    description: 'One address. Capitals and blanks around it do not count; its domain may be international.',
  });

export const purposeField = z
  .string('must be a string')
  .regex(PURPOSE, 'must be a letter followed by up to 49 letters, digits, _ or -')
  .openapi({ example: 'verification', description: 'What the address is verified for.' });

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

const DATE = z.regexes.date.source;
const MOMENT = new RegExp(`${DATE}|${z.regexes.datetime({ offset: true }).source}`);

/** A moment of the past; a date alone means the end of that day, UTC. */
export const momentField = z
  .string()
  .regex(MOMENT, 'must be a date such as 2026-03-03 or a time such as 2026-03-03T12:00:00Z')
  .transform((text) =>
    new RegExp(DATE).test(text) ? new Date(Date.parse(text) + DAY_MILLISECONDS - 1) : new Date(text),
  )
  .openapi({
    example: '2026-03-03',
    description: 'A date (the end of that day, UTC), or a time with Z or an offset (RFC 3339).',
  });

export const uuidField = z
  .string('must be a UUID')
  .regex(UUID, 'must be a UUID')
  .transform((text) => text.toLowerCase())
  .openapi({ format: 'uuid' });

/** A user as an admin names one: the subject of the user's tokens, in whatever form the issuer gives it. */
export const subjectField = z
  .union(
    [
      z.string().openapi({ minLength: 1, maxLength: SUBJECT_CHARACTERS_MAX }),
      z.number().openapi({ type: 'integer', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }),
    ],
    "must be the user's id, as the user's tokens have it",
  )
  .transform((given, context): string => {
    const read = given === '' ? { fault: 'must not be empty' } : subjectOf(given);
    if ('subject' in read) return read.subject;
    context.addIssue({ code: 'custom', message: read.fault });
    return z.NEVER;
  })
  .openapi({
    example: 'auth0|5f7c8ec7c33c6c004bbafe82',
    description: "The user's id as the user's tokens have it: a UUID, or whatever else the issuer names its users by.",
  });

export const searchField = z
  .string()
  .trim()
  .max(ADDRESS_CHARACTERS_MAX, `must have at most ${ADDRESS_CHARACTERS_MAX} characters`)
  .default('')
  .openapi({ description: 'A whole address, or a part of one; empty: all.' });

export const time = z.iso.datetime();

export const ok = { success: z.literal(true) };

export const addressBody = z.object({ email: emailField }).openapi('AddressRequest');

/** For whoever looks at the screen; programs go by the other members. */
export const saying = (example: string) =>
  z.string().openapi({ example, description: 'What a person in front of the screen can be told.' });

export const doneAnswer = z.object({ ...ok, message: saying('Done.') }).openapi('DoneAnswer');
