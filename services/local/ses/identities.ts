// Knows which senders are verified, and issues the tokens that would verify a domain.
import { createHash } from 'node:crypto';
import { SesError } from './answers.ts';

export type IdentityStatus = 'Success' | 'Pending';
export type Identities = {
  isVerified(address: string): boolean;
  /** Undefined for an identity that nobody ever submitted, which SES leaves out of its answers. */
  status(identity: string): IdentityStatus | undefined;
  /** Puts a domain under verification; without DNS it stays Pending. Throws SesError LimitExceeded. */
  submit(domain: string): void;
};

const pendingMax = 10_000;

/** Without a list every sender is verified. A domain covers its subdomains. Source: "Verified identities". */
export function createIdentities(verified: readonly string[] | undefined): Identities {
  const known = verified && new Set(verified.map((identity) => identity.toLowerCase()));
  const pending = new Set<string>();
  const isVerified = (identity: string): boolean => {
    if (!known) return true;
    const lower = identity.toLowerCase();
    if (known.has(lower)) return true;
    const labels = lower.slice(lower.lastIndexOf('@') + 1).split('.');
    return labels.some((_, index) => known.has(labels.slice(index).join('.')));
  };
  return {
    isVerified,
    status: (identity) =>
      isVerified(identity) ? 'Success' : pending.has(identity.toLowerCase()) ? 'Pending' : undefined,
    submit(domain) {
      if (pending.size >= pendingMax) throw new SesError(400, 'LimitExceeded', 'Too many identities.');
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
