/** The DMARC record of the sender's domain, or of one above it (RFC 7489): one, with a policy. */
import { domainsAbove } from '../../mail/ses-account.ts';
import { type Finding, ok, warning, wrong } from './check.ts';
import type { DoctorContext } from './context.ts';
import type { DnsLookup } from './dns-lookup.ts';
import { lookAtRecords } from './sender-records.ts';

export function checkDmarc(context: DoctorContext): Promise<Finding> {
  return lookAtRecords(context, async (domain, lookup) => {
    for (const name of domainsAbove(domain)) {
      const records = await recordsOf(name, lookup);
      if (records.length > 0) return judgeDmarc(name, records);
    }
    return warning(
      `${domain} has no DMARC record: large providers refuse or sort out such mails.`,
      `Create _dmarc.${domain} TXT "v=DMARC1; p=none; rua=mailto:postmaster@${domain}".`,
    );
  });
}

async function recordsOf(domain: string, { texts }: DnsLookup): Promise<readonly string[]> {
  return (await texts(`_dmarc.${domain}`)).filter((text) => /^v=DMARC1\s*(?:;|$)/.test(text));
}

export function judgeDmarc(domain: string, records: readonly string[]): Finding {
  const [record = ''] = records;
  if (records.length > 1)
    return wrong(`_dmarc.${domain} has ${records.length} records, which count as none.`, 'Keep one.');
  const policy = /;\s*p\s*=\s*(\w+)/.exec(record)?.[1]?.toLowerCase();
  if (policy === undefined || !['none', 'quarantine', 'reject'].includes(policy)) {
    return wrong(
      `The DMARC record of ${domain} has no valid policy.`,
      'Write p=none, p=quarantine or p=reject into it.',
    );
  }
  return ok(`The DMARC record of ${domain} says p=${policy}.`);
}
