/** The DNS records that make a domain a sender of Amazon SES, as data and as lines of a zone file. */
import type { Identity } from '../mail/ses-account.ts';

export type DnsRecord = Readonly<{ name: string; type: 'TXT' | 'CNAME' | 'MX'; value: string }>;

export type SenderRecords = Readonly<{
  /** What SES looks for. */
  needed: readonly DnsRecord[];
  /** What the receivers of the mails look for. */
  suggested: readonly DnsRecord[];
  /** Only to receive mail through SES. */
  optional: readonly DnsRecord[];
}>;

export function senderRecords({ name, verificationToken, dkim }: Identity, region: string): SenderRecords {
  const token: readonly DnsRecord[] = verificationToken
    ? [{ name: `_amazonses.${name}`, type: 'TXT', value: verificationToken }]
    : [];
  return {
    needed: [...token, ...dkimRecords(name, dkim.tokens)],
    suggested: [
      { name, type: 'TXT', value: 'v=spf1 include:amazonses.com ~all' },
      { name: `_dmarc.${name}`, type: 'TXT', value: `v=DMARC1; p=none; rua=mailto:postmaster@${name}` },
    ],
    optional: [{ name, type: 'MX', value: `10 inbound-smtp.${region}.amazonaws.com` }],
  };
}

export const dkimRecords = (domain: string, tokens: readonly string[]): readonly DnsRecord[] =>
  tokens.map((token) => ({
    name: `${token}._domainkey.${domain}`,
    type: 'CNAME',
    value: `${token}.dkim.amazonses.com`,
  }));

const TTL_SECONDS = 1800;

/** A line of a zone file (RFC 1035 5): names end in a dot, texts are quoted. */
export function zoneLine({ name, type, value }: DnsRecord): string {
  return `${name}. ${TTL_SECONDS} IN ${type} ${type === 'TXT' ? `"${value}"` : `${value}.`}`;
}
