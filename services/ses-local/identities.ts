/** Knows which senders are verified, and issues the tokens that would verify a domain. */
import { createHash } from 'node:crypto';
import { SesError } from './answers.ts';

export type IdentityStatus = 'Success' | 'Pending' | 'Failed' | 'TemporaryFailure';
export type DkimState = Readonly<{ enabled: boolean; status: IdentityStatus | 'NotStarted' }>;
/** An identity and how far its verification is; DKIM follows the status where it is not said. */
export type IdentitySeed = Readonly<{ identity: string; status: IdentityStatus; dkim?: DkimState }>;
export type Identities = Readonly<{
  isVerified(address: string): boolean;
  /** Undefined for an identity that nobody ever submitted, which SES leaves out of its answers. */
  status(identity: string): IdentityStatus | undefined;
  dkim(identity: string): DkimState | undefined;
  /** Puts a domain under verification; without DNS it stays Pending. Throws SesError LimitExceeded. */
  submit(domain: string): void;
}>;

const PENDING_MAX = 10_000;

/**
 * Without a list every sender is verified; a plain name in it is a verified identity. A domain covers its subdomains.
 * Source: "Verified identities".
 */
export function createIdentities(given: readonly (string | IdentitySeed)[] | undefined): Identities {
  const seeds = given?.map((one): IdentitySeed =>
    typeof one === 'string' ? { identity: one, status: 'Success' } : one,
  );
  const seeded = new Map(seeds?.map((seed) => [seed.identity.toLowerCase(), seed]));
  const known = seeds && new Set([...seeded].filter(([, { status }]) => status === 'Success').map(([name]) => name));
  const pending = new Set<string>();
  const isVerified = (identity: string): boolean => {
    if (!known) return true;
    const lower = identity.toLowerCase();
    if (known.has(lower)) return true;
    const labels = lower.slice(lower.lastIndexOf('@') + 1).split('.');
    return labels.some((_, index) => known.has(labels.slice(index).join('.')));
  };
  const status = (identity: string): IdentityStatus | undefined => {
    const name = identity.toLowerCase();
    if (seeded.has(name)) return seeded.get(name)?.status;
    return known ? (pending.has(name) ? 'Pending' : undefined) : 'Success';
  };
  return {
    isVerified,
    status,
    dkim(identity) {
      const found = status(identity);
      const enabled = found === 'Success';
      return seeded.get(identity.toLowerCase())?.dkim ?? (found && { enabled, status: found });
    },
    submit(domain) {
      if (pending.size >= PENDING_MAX) throw new SesError(400, 'LimitExceeded', 'Too many identities.');
      pending.add(domain.toLowerCase());
    },
  };
}

const digest = (text: string): Buffer => createHash('sha256').update(text.toLowerCase()).digest();

/** The TXT value of `_amazonses.<domain>`: the same for a domain every time, as at AWS. */
export const verificationToken = (domain: string): string => digest(`verification ${domain}`).toString('base64');

/** Three tokens of 32 characters, for the CNAMEs `<token>._domainkey.<domain>`. */
export const dkimTokens = (domain: string): string[] =>
  [1, 2, 3].map((number) => digest(`dkim ${number} ${domain}`).toString('hex').slice(0, 32));
