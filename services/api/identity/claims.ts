/** Who the caller is, by the claims of a token whose signature stands: providers put the user and the roles where they like. */
import type { JWTPayload } from 'jose';
import { type EmailAddress, parseEmailAddress } from '../../core/email-address.ts';
import { subjectOf, userIdOf } from '../../runtime/subject.ts';
import { UUID } from '../../runtime/uuid.ts';
import { SESSION_CLAIM } from '../../runtime/token.ts';
import type { Caller } from '../env.ts';
import { Refused } from '../http/problem.ts';

export type ClaimOptions = Readonly<{
  /** Of users whose token names no issuer. */
  issuer: string | undefined;
  /** Paths of claims; the first that is there counts. */
  userClaims: readonly string[];
  /** Paths of claims; all of them count. */
  roleClaims: readonly string[];
  /** Whether the issuer's word for an address counts (`email` with `email_verified`, OpenID Connect Core 5.1). */
  trustEmail?: boolean;
}>;

/** Deeper lists than any provider makes are not looked into. */
const DEPTH_MAX = 8;

/** Throws Refused('unauthorized') where the token names nobody. */
export function callerOf(payload: JWTPayload, options: ClaimOptions): Caller {
  const { userClaims, roleClaims } = options;
  const issuer = issuerOf(payload) ?? options.issuer;
  const named = userClaims.flatMap((path) => valuesAt(payload, path)).find((value) => value !== '' && value !== null);
  if (named === undefined) throw nobody(userClaims, 'is not there');
  const read = subjectOf(named);
  if ('fault' in read) throw nobody(userClaims, read.fault);
  const roles = new Set(roleClaims.flatMap((path) => valuesAt(payload, path)).flatMap((value) => rolesOf(value)));
  const email = options.trustEmail ? verifiedEmailOf(payload) : undefined;
  return {
    userId: userIdOf(read.subject, issuer),
    roles: [...roles],
    ...(issuer ? { issuer } : {}),
    ...(email ? { verifiedEmail: email } : {}),
  };
}

/** Some issuers write the flag as a text. */
function verifiedEmailOf({ email, email_verified: isVerified }: JWTPayload): EmailAddress | undefined {
  if (typeof email !== 'string' || (isVerified !== true && isVerified !== 'true')) return undefined;
  const parsed = parseEmailAddress(email);
  return parsed.ok ? parsed.address : undefined;
}

const issuerOf = ({ iss }: JWTPayload): string | undefined => (typeof iss === 'string' && iss !== '' ? iss : undefined);

const nobody = (paths: readonly string[], fault: string): Refused =>
  unauthorized(`The token names no user: the claim ${paths.join(', else ')}, ${fault}.`);

/** The session of an operator's account; a token that was made elsewhere with the same secret names none. */
export function sessionOf(payload: JWTPayload): Pick<Caller, 'sessionId'> {
  const sessionId = payload[SESSION_CLAIM];
  if (sessionId === undefined) return {};
  if (typeof sessionId !== 'string' || !UUID.test(sessionId)) throw unauthorized('The token is not valid.');
  return { sessionId };
}

export const unauthorized = (detail: string): Refused => new Refused('unauthorized', { detail });

/**
 * What stands at a path such as `realm_access.roles`. A name may hold dots itself, as `https://example.com/roles` does: the
 * longest name that is there is taken. Of a list, it is looked for in each element.
 */
function valuesAt(value: unknown, path: string, depth = 0): readonly unknown[] {
  if (depth > DEPTH_MAX || typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((one) => valuesAt(one, path, depth + 1));
  for (let end = path.length; end > 0; end = path.lastIndexOf('.', end - 1)) {
    const name = path.slice(0, end);
    if (!Object.hasOwn(value, name)) continue;
    const found = (value as Record<string, unknown>)[name];
    return end === path.length ? [found] : valuesAt(found, path.slice(end + 1), depth + 1);
  }
  return [];
}

/**
 * A text is a role, and a list of them between blanks and commas (as `scope` is, RFC 8693 4.2); of an object its names are, as
 * Zitadel has it, but for those that are denied.
 */
function rolesOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value, ...value.split(/[\s,]+/)].filter((role) => role !== '');
  if (Array.isArray(value)) return value.filter((role) => typeof role === 'string' && role !== '');
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([role, given]) => (given === false || given === null ? [] : [role]));
}
