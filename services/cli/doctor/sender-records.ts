/** Whether the sender's DNS records matter: only where mails go to Amazon, or where the operator named DNS servers to ask. */
import { doctorSettings } from '../../config/doctor.ts';
import { domainOf } from '../../mail/ses-account.ts';
import { type Finding, ok } from './check.ts';
import type { DoctorContext } from './context.ts';
import type { DnsLookup } from './dns-lookup.ts';

export async function lookAtRecords(
  { mail, settings, dns }: DoctorContext,
  look: (domain: string, lookup: DnsLookup) => Promise<Finding>,
): Promise<Finding> {
  const { endpoint, fromEmail } = mail();
  if (endpoint && !isAmazons(endpoint) && settings(doctorSettings).DNS_SERVERS.length === 0) {
    return ok(`Not looked for: mails go to ${endpoint} and to nobody else.`);
  }
  return look(domainOf(fromEmail), dns());
}

const isAmazons = (url: string): boolean => /\.amazonaws\.com(?:\.cn)?$/.test(new URL(url).hostname);
