/** Checks of the sender's DNS records: SPF, DKIM and DMARC, as a receiving mail server looks them up. */
import { doctorSettings } from '../../config/doctor.ts';
import { domainOf, domainsAbove } from '../../mail/ses-account.ts';
import { dkimRecords } from '../dns-records.ts';
import type { DoctorContext } from './context.ts';
import type { DnsLookup } from './dns-lookup.ts';
import { type Finding, NotChecked, ok, skipped, warning, wrong } from './finding.ts';
import { signingDomain } from './mail-service.ts';

async function lookAtRecords(
  { mail, settings, dns }: DoctorContext,
  look: (domain: string, lookup: DnsLookup) => Promise<Finding>,
): Promise<Finding> {
  const { endpoint, fromEmail } = mail();
  if (endpoint && !isAmazons(endpoint) && settings(doctorSettings).DNS_SERVERS.length === 0) {
    return skipped(`Emails go to ${endpoint} and nowhere else.`);
  }
  return look(domainOf(fromEmail), dns());
}

const isAmazons = (url: string): boolean => /\.amazonaws\.com(?:\.cn)?$/.test(new URL(url).hostname);

/** The SPF record of the sender's domain (RFC 7208): one, and it lets Amazon send. */
export function checkSpf(context: DoctorContext): Promise<Finding> {
  return lookAtRecords(context, async (domain, { texts }) => judgeSpf(domain, await texts(domain)));
}

/** Only warnings where it is missing: SES's own envelope domain passes SPF, and DKIM is what aligns. */
export function judgeSpf(domain: string, texts: readonly string[]): Finding {
  const records = texts.filter((text) => /^v=spf1(?: |$)/i.test(text));
  const [record] = records;
  const suggested = `${domain} TXT "v=spf1 include:amazonses.com ~all"`;
  if (record === undefined) return warning(`${domain} has no SPF record.`, `Create ${suggested}.`);
  if (records.length > 1) {
    return wrong(
      `${domain} has ${records.length} SPF records, which count as none (RFC 7208 4.5).`,
      'Join them into one.',
    );
  }
  if (!/\binclude:amazonses\.com(?= |$)/i.test(record)) {
    return warning(`The SPF record of ${domain} does not name Amazon.`, 'Add include:amazonses.com to it.');
  }
  return ok(`The SPF record of ${domain} lets Amazon send.`);
}

/** The three CNAME records of DKIM: each leads to Amazon's key. */
export function checkDkimRecords(context: DoctorContext): Promise<Finding> {
  return lookAtRecords(context, async (_domain, { aliases }) => {
    const { name, dkim } = signingDomain(await context.senders());
    if (dkim.tokens.length === 0) throw new NotChecked(`SES has no DKIM tokens for ${name}`);
    const expected = dkimRecords(name, dkim.tokens);
    const found = await Promise.all(expected.map(async (record) => ({ record, is: await aliases(record.name) })));
    const missing = found.filter(({ record, is }) => !is.includes(record.value));
    if (missing.length === 0) return ok(`The ${expected.length} DKIM records of ${name} lead to Amazon's keys.`);
    const told = missing.map(({ record, is }) => `${record.name} ${is[0] ? `leads to ${is[0]}` : 'is not there'}`);
    return wrong(`${told.join(', ')}.`, 'Create the CNAME records that "sealpost dns" prints.');
  });
}

/** The DMARC record of the sender's domain, or of one above it (RFC 7489): one, with a policy. */
export function checkDmarc(context: DoctorContext): Promise<Finding> {
  return lookAtRecords(context, async (domain, lookup) => {
    for (const name of domainsAbove(domain)) {
      const records = await recordsOf(name, lookup);
      if (records.length > 0) return judgeDmarc(name, records);
    }
    return warning(
      `${domain} has no DMARC record: large providers reject such emails or treat them as spam.`,
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
      'Set its policy to p=none, p=quarantine or p=reject.',
    );
  }
  return ok(`The DMARC record of ${domain} says p=${policy}.`);
}
