/** The SPF record of the sender's domain (RFC 7208): one, and it lets Amazon send. */
import { type Finding, ok, warning, wrong } from './check.ts';
import type { DoctorContext } from './context.ts';
import { lookAtRecords } from './sender-records.ts';

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
