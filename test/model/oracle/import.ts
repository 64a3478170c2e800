/** What an import of the guide's two tables brings: verified addresses stay verified, codes become history nobody can type. */
import { addressAt, linkOf, newName, record, type World } from './facts.ts';

export type OldLink = {
  user: string;
  purpose: string;
  verifiedAt: number | null;
  method: string;
  createdAt: number;
  updatedAt: number;
};

export type OldCode = {
  id: string;
  user: string;
  purpose: string;
  verifiedAt: number | null;
  expiresAt: number;
  attempts: number;
  createdAt: number;
  updatedAt: number;
};

/** A row of the guide's user_email_addresses; false where it is there already. */
export function importLink(world: World, email: string, old: OldLink): boolean {
  const address = addressAt(world, email);
  const { user, purpose, verifiedAt, updatedAt } = old;
  const link = linkOf(address, user, purpose);
  // What is there already stays, but for a proof that it lacks and no admin has taken back.
  if (link && (link.verified || link.takenBack || verifiedAt === null)) return false;
  const method = verifiedAt === null ? 'otp' : old.method === 'signup' ? 'registration' : old.method;
  const id = link?.id ?? newName(world, 'link');
  const createdAt = link?.createdAt ?? old.createdAt;
  const at = record(world, address, 'imported', {
    what: 'address',
    userId: user,
    purpose,
    emailId: id,
    method,
    verifiedAt,
    createdAt,
    updatedAt,
  });
  if (link) Object.assign(link, { verified: true, verifiedAt, method, updatedAt: at });
  else
    address.links.push({ id, user, purpose, verified: verifiedAt !== null, verifiedAt, method, createdAt, updatedAt });
  return true;
}

/** A row of the guide's email_otp_verifications; false where it is there already. */
export function importCode(world: World, email: string, old: OldCode): boolean {
  const everywhere = [...world.addresses.values(), ...world.ghosts].flatMap(({ codes }) => codes);
  if (everywhere.some(({ id }) => id === old.id)) return false;
  const address = addressAt(world, email);
  record(world, address, 'imported', {
    what: 'code',
    otpId: old.id,
    userId: old.user,
    purpose: old.purpose,
    attempts: old.attempts,
    attemptsMax: 3,
    verifiedAt: old.verifiedAt,
    expiresAt: old.expiresAt,
    issuedAt: old.createdAt,
    updatedAt: old.updatedAt,
  });
  address.codes.push({
    id: old.id,
    user: old.user,
    purpose: old.purpose,
    state: old.verifiedAt === null ? 'expired' : 'verified',
    imported: true,
    forgotten: false,
    lastAskedAt: 0,
    attempts: old.attempts,
    issuedAt: old.createdAt,
    diesAt: old.expiresAt,
    expiresAt: old.expiresAt,
    verifiedAt: old.verifiedAt,
    createdAt: old.createdAt,
    updatedAt: old.updatedAt,
    mailings: [],
  });
  return true;
}
