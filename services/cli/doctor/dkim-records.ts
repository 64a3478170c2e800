/** The three CNAME records of DKIM: each leads to Amazon's key. */
import { dkimRecords } from '../dns-records.ts';
import { type Finding, NotChecked, ok, wrong } from './check.ts';
import type { DoctorContext } from './context.ts';
import { signingDomain } from './dkim.ts';
import { lookAtRecords } from './sender-records.ts';

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
