/** Whose a token is: the user's id here, of any subject that an identity provider may give (OpenID Connect Core 2: at most 255 characters). */
import { UUID, uuid5 } from './uuid.ts';

/** Of Sealpost's users. Must never change: every id that was made of a subject hangs on it. */
export const SUBJECT_NAMESPACE = 'b3fb5b1c-6a2a-4f0e-9c53-5d2f6c1d8e47';

export const SUBJECT_CHARACTERS_MAX = 1000;

/** What can be a subject, or why it cannot. A whole number is its digits; beyond 2^53 two numbers would be read as one. */
export function subjectOf(value: unknown): { subject: string } | { fault: string } {
  if (typeof value === 'number')
    return Number.isSafeInteger(value)
      ? { subject: String(value) }
      : { fault: 'must be a text, or a whole number below 2^53' };
  if (typeof value !== 'string') return { fault: 'must be a text or a whole number' };
  if (value.length > SUBJECT_CHARACTERS_MAX) return { fault: `must have at most ${SUBJECT_CHARACTERS_MAX} characters` };
  // Half a pair would be written as U+FFFD, as would another half: two subjects would be one user.
  return value.isWellFormed() ? { subject: value } : { fault: 'must be well-formed Unicode' };
}

/** A UUID is the id itself. Of any other subject it is uuid5(uuid5(SUBJECT_NAMESPACE, issuer), subject) (RFC 9562 5.5), an absent issuer being empty. */
export const userIdOf = (subject: string, issuer = ''): string =>
  UUID.test(subject) ? subject.toLowerCase() : uuid5(uuid5(SUBJECT_NAMESPACE, issuer), subject);
