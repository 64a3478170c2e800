/** `sealpost dns`: prints the records to create for the sender's domain, as a zone file. */
import type { Command } from 'commander';
import { mailSettings, sesOptions } from '../config/mail.ts';
import { createSesAccount, domainOf, domainsAbove } from '../mail/ses-account.ts';
import { type Environment, readSettings } from '../runtime/settings.ts';
import { type SenderRecords, senderRecords, zoneLine } from './dns-records.ts';

export function addDns(program: Command, environment: Environment): void {
  program
    .command('dns')
    .description("print the DNS records to create for the sender's domain")
    .option('--domain <domain>', 'another domain; default: that of SES_FROM_EMAIL')
    .option('--json', 'as one JSON object')
    .action(async ({ domain: given, json }: { domain?: string; json?: boolean }) => {
      const options = sesOptions(readSettings(mailSettings, environment));
      // Where the sender's domain is below one that SES knows, the records are that one's.
      const domains = given ? [given.toLowerCase()] : domainsAbove(domainOf(options.fromEmail));
      const account = createSesAccount(options);
      try {
        const [identity] = await account.identities(domains);
        if (!identity) throw new Error(unknown(domains[0] ?? '', options.region));
        const records = senderRecords(identity, options.region);
        const { name: domain, verification, dkim } = identity;
        console.log(
          json
            ? JSON.stringify({ domain, verification, dkim: dkim.status, ...records })
            : zone(`${domain} in ${options.region}: verification ${verification}, DKIM ${dkim.status}`, records),
        );
      } finally {
        account.close();
      }
    });
}

function zone(title: string, { needed, suggested, optional }: SenderRecords): string {
  const dkimToken = needed.some(({ type }) => type === 'CNAME');
  return [
    `; ${title}`,
    ...needed.map(zoneLine),
    ...(dkimToken ? [] : ['; no DKIM tokens yet: run "aws ses verify-domain-dkim --domain" with this domain']),
    '; suggested; a domain has one SPF record: add include:amazonses.com to the one that is there',
    ...suggested.map(zoneLine),
    '; only to receive mail through SES',
    ...optional.map((record) => `; ${zoneLine(record)}`),
  ].join('\n');
}

function unknown(domain: string, region: string): string {
  return (
    `SES does not know ${domain} in ${region}. Run "aws ses verify-domain-identity --domain ${domain}" and ` +
    `"aws ses verify-domain-dkim --domain ${domain}" first.`
  );
}
