/** What the model knows: addresses with their codes, links, mails and events, in plain values. Times are milliseconds since 1970. */

export const SECOND = 1000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;

export type Delivery = 'queued' | 'sent' | 'delivered' | 'bounced' | 'complained' | 'failed';

export type Mailing = { delivery: Delivery; mail: string | null; reports: Set<string> };

/** A row of email_otp_verifications, and what became of its code. */
export type Code = {
  id: string;
  user: string;
  purpose: string;
  state: 'pending' | 'verified' | 'expired' | 'superseded';
  imported: boolean;
  forgotten: boolean;
  lastAskedAt: number;
  attempts: number;
  issuedAt: number;
  /** The moment it dies by itself; the row's expires_at is earlier where it was replaced. */
  diesAt: number;
  expiresAt: number;
  verifiedAt: number | null;
  createdAt: number;
  updatedAt: number;
  mailings: Mailing[];
};

/** A row of user_email_addresses. */
export type Link = {
  id: string;
  user: string;
  purpose: string;
  verified: boolean;
  /** By an admin, and not verified since. */
  takenBack?: boolean;
  verifiedAt: number | null;
  method: string;
  createdAt: number;
  updatedAt: number;
};

export type Fact = { type: string; at: number; data: Record<string, unknown> };

export type Address = {
  name: string;
  facts: Fact[];
  codes: Code[];
  links: Link[];
  /** Who asked for each mail, and when. */
  asked: { user: string; at: number }[];
  wrong: { user: string; at: number }[];
  suppressed: string | null;
  /** It was erased while no mail went to it, and none goes until an admin says so. */
  closed: string | null;
  softBounces: number[];
};

export type Mail = { id: string; to: string; code: string };

export type Answer = {
  status: number;
  error?: string;
  /** Of Retry-After. */
  wait?: number;
  members?: Record<string, unknown>;
  /** The same bytes as that earlier answer. */
  sameAs?: number;
};

export type Kept = {
  user: string;
  key: string;
  body: string;
  step: number;
  answer: Answer;
  at: number;
  address: string;
};

/** Mails that one user asked for in an hour. */
export type Window = { began: number; count: number };

export type World = {
  now: number;
  step: number;
  addresses: Map<string, Address>;
  /** What erased addresses left behind, in order. */
  ghosts: Address[];
  mails: Mail[];
  kept: Kept[];
  spent: Map<string, Window>;
  /** Erased addresses that get no mail, and why. */
  closed: Map<string, string>;
  /** How many names of each kind were given. */
  named: Record<string, number>;
};

export const newWorld = (now: number): World => ({
  now,
  step: 0,
  addresses: new Map(),
  ghosts: [],
  mails: [],
  kept: [],
  spent: new Map(),
  closed: new Map(),
  named: {},
});

/** A name for an id that the product makes: the test finds out what it stands for. */
export function newName(world: World, kind: string): string {
  const n = (world.named[kind] = (world.named[kind] ?? 0) + 1);
  return `<${kind} ${n}>`;
}

/** Trimmed, in small letters, with the domain as it stands in DNS. */
export function canonical(text: string): string {
  const [local = '', domain = ''] = text.trim().split('@');
  return `${local.toLowerCase()}@${new URL(`http://${domain}`).hostname}`;
}

export function addressAt(world: World, name: string): Address {
  const known = world.addresses.get(name);
  if (known) return known;
  const fresh: Address = {
    name,
    facts: [],
    codes: [],
    links: [],
    asked: [],
    wrong: [],
    suppressed: null,
    closed: world.closed.get(name) ?? null,
    softBounces: [],
  };
  world.addresses.set(name, fresh);
  return fresh;
}

/** Writes an event down and returns its time: now, but at least a millisecond after the one before. */
export function record(world: World, address: Address, type: string, data: Record<string, unknown>): number {
  const before = address.facts.at(-1)?.at ?? 0;
  const at = Math.max(world.now, before + 1);
  address.facts.push({ type, at, data });
  return at;
}

export const linkOf = (address: Address, user: string, purpose: string): Link | undefined =>
  address.links.find((link) => link.user === user && link.purpose === purpose);

export const verifiedLinks = (address: Address, user: string): Link[] =>
  address.links.filter((link) => link.user === user && link.verified);
