/** What an admin does, what SES reports and what an import brings: what the model answers and writes down. */
import { close } from './asking.ts';
import { recent } from './limits.ts';
import {
  type Address,
  addressAt,
  type Answer,
  type Link,
  linkOf,
  newName,
  record,
  verifiedLinks,
  type World,
} from './facts.ts';

const done = (members: Record<string, unknown> = {}): Answer => ({ status: 200, members });

export const rowOf = (address: Address, link: Link): Record<string, unknown> => ({
  id: link.id,
  user_id: link.user,
  email_address: address.name,
  is_verified: link.verified,
  verified_at: iso(link.verifiedAt),
  purpose: link.purpose,
  verification_method: link.method,
  created_at: iso(link.createdAt),
  updated_at: iso(link.updatedAt),
});

export const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

type Said = { by: string; user: string; purpose: string; verified: boolean };

/** An admin's word that a user's address is verified, or is not. */
export function assert(world: World, email: string, { by, user, purpose, verified }: Said): Answer {
  const address = addressAt(world, email);
  const link = linkOf(address, user, purpose);
  const before = link?.verified ?? false;
  if (link && before === verified) return done({ email: rowOf(address, link) });
  const emailId = link?.id ?? newName(world, 'link');
  const data = { by, userId: user, purpose, emailId, method: 'admin', before, after: verified };
  const at = record(world, address, 'asserted', data);
  const changed = {
    verified,
    takenBack: !verified,
    verifiedAt: verified ? at : null,
    updatedAt: at,
    // What nobody vouches for is to be verified by a code.
    method: verified ? 'admin' : 'otp',
  };
  if (link) Object.assign(link, changed);
  else address.links.push({ id: emailId, user, purpose, createdAt: at, ...changed });
  const now = linkOf(address, user, purpose);
  return done(now ? { email: rowOf(address, now) } : {});
}

/** The email with this id; one of a ghost is nobody's. */
export function toggle(world: World, id: string, by: string, verified: boolean): Answer {
  for (const address of world.addresses.values()) {
    const link = address.links.find((one) => one.id === id);
    if (link) return assert(world, address.name, { by, user: link.user, purpose: link.purpose, verified });
  }
  return { status: 404, error: 'email_unknown' };
}

export function unlock(world: World, email: string, by: string): Answer {
  const address = world.addresses.get(email);
  const wrong = address && recent(address, world.now);
  if (address && wrong && wrong.length > 0) {
    record(world, address, 'unlocked', { by, before: wrong.length });
    address.wrong = [];
  }
  return done();
}

export function suppress(world: World, email: string, by: string | null, reason: string): Answer {
  const address = addressAt(world, email);
  if (!address.suppressed) {
    record(world, address, 'suppressed', { by, reason });
    address.suppressed = reason;
  }
  return done();
}

export function lift(world: World, email: string, by: string): Answer {
  const address = addressAt(world, email);
  const before = address.suppressed ?? address.closed;
  if (before) {
    record(world, address, 'unsuppressed', { by, before });
    address.suppressed = null;
    address.closed = null;
    world.closed.delete(email);
    // The next bounce for now is the first again.
    address.softBounces = [];
  }
  return done();
}

/** Made-up names stand where the person's stood, everything else stays. */
export function erase(world: World, email: string, by: string): Answer {
  const address = world.addresses.get(email);
  if (!address || address.facts.length === 0) return done();
  for (const code of address.codes)
    if (code.state === 'pending' && !code.imported) close(world, address, code, 'erasure');
  const reason = address.suppressed ?? address.closed;
  record(world, address, 'erased', { by, ...(reason && { reason }) });
  if (reason) world.closed.set(email, reason);
  const names = new Map<string, string>();
  const nameFor = (user: string): string => {
    const name = names.get(user) ?? newName(world, 'nobody');
    names.set(user, name);
    world.spent.delete(user);
    return name;
  };
  for (const { data } of address.facts) {
    if (typeof data.userId === 'string') data.userId = nameFor(data.userId);
    if ('ipHash' in data) data.ipHash = null;
    delete data.requestId;
    if ('messageId' in data) data.messageId = '';
    if ('feedbackId' in data) data.feedbackId = '';
  }
  for (const row of [...address.codes, ...address.links]) row.user = nameFor(row.user);
  world.addresses.delete(email);
  world.kept = world.kept.filter((one) => one.address !== email);
  address.name = newName(world, 'ghost');
  world.ghosts.push(address);
  return done();
}

/** GET status: verified for any purpose, the latest counts; the delivery is that of the user's newest request. */
export function status(world: World, email: string, user: string): Answer {
  const address = world.addresses.get(email);
  const link =
    address && verifiedLinks(address, user).toSorted((a, b) => Number(b.verifiedAt) - Number(a.verifiedAt))[0];
  const code = address?.codes.findLast((one) => one.user === user && one.mailings.length > 0);
  const delivery = code?.mailings.at(-1)?.delivery;
  const more = delivery === undefined ? {} : { delivery };
  if (!link) return done({ verified: false, ...more });
  const { verifiedAt, purpose, method } = link;
  return done({ verified: true, verifiedAt: iso(verifiedAt), purpose, verificationMethod: method, ...more });
}

/** Of two in the same millisecond the row that was made first. */
const older = ({ id }: Link): number => Number(/\d+/.exec(id)?.[0]);

/** The one of registration, else the one that was verified first. */
function firstOf(links: readonly Link[]): Link | undefined {
  const inOrder = links.toSorted((a, b) => Number(a.verifiedAt) - Number(b.verifiedAt) || older(a) - older(b));
  return inOrder.find(({ method }) => method === 'registration') ?? inOrder[0];
}

/** GET list: the user's links at every address. */
export function list(world: World, user: string, all: boolean): Answer {
  const rows = [...world.addresses.values()].flatMap((address) =>
    address.links.filter((link) => link.user === user).map((link) => ({ address, link })),
  );
  const primary = firstOf(rows.map(({ link }) => link).filter(({ verified }) => verified));
  const emails = rows
    .filter(({ link }) => all || link.verified)
    .map(({ address, link }) => ({
      email: address.name,
      verified: link.verified,
      verifiedAt: iso(link.verifiedAt),
      purpose: link.purpose,
      verificationMethod: link.method,
      isPrimary: link === primary,
    }));
  return done({ emails, total: emails.length });
}
