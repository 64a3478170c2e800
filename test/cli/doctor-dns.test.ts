/** The doctor on the sender's DNS records, asked of a DNS server of the test's own. */
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { judgeSpf } from '../../services/cli/doctor/dns.ts';
import { dkimTokens } from '../../services/ses-local/identities.ts';
import type { LocalSes } from '../../services/ses-local/server.ts';
import { startSes } from '../support/api.ts';
import { startDnsServer, type Zone } from '../support/dns-server.ts';
import { examine, examineOne } from '../support/doctor.ts';

let ses: LocalSes;
beforeAll(async () => {
  ses = await startSes();
});
afterAll(() => ses.close());

const SENDER = 'noreply@mail.example.test';
const SPF = 'v=spf1 include:amazonses.com ~all';
const [token1, token2, token3] = dkimTokens('mail.example.test');
const cname = (token: string | undefined): string => `${token}._domainkey.mail.example.test CNAME`;
const key = (token: string | undefined): string => `${token}.dkim.amazonses.com`;
const good: Zone = {
  'mail.example.test TXT': ['a=b', SPF],
  [cname(token1)]: [key(token1)],
  [cname(token2)]: [key(token2)],
  [cname(token3)]: [key(token3)],
  '_dmarc.mail.example.test TXT': [`v=DMARC1; p=reject; rua=${'mailto:a@example.test,'.repeat(9)}`],
};

/** One check, with these records. */
async function look(name: string, zone: Zone) {
  const dns = await startDnsServer(zone);
  onTestFinished(() => dns.close());
  const env = { SES_FROM_EMAIL: SENDER, DNS_SERVERS: dns.address };
  return { ...(await examineOne({ sesUrl: ses.url, env }, name)), asked: dns.asked };
}

const without = (name: string): Zone => Object.fromEntries(Object.entries(good).filter(([one]) => one !== name));

describe("the doctor on the sender's DNS records", () => {
  test('good records are ok, and a text in several strings is one', async () => {
    expect(await look('spf record', good)).toMatchObject({ status: 'ok' });
    expect(await look('dkim records', good)).toMatchObject({ status: 'ok' });
    expect((await look('dmarc record', good)).what).toBe('The DMARC record of mail.example.test says p=reject.');
  });

  test.each([
    ['none', undefined, 'warning', 'Create mail.example.test TXT'],
    ['none for Amazon', ['v=spf1 mx -all'], 'warning', 'Add include:amazonses.com'],
    ['a name that only looks like Amazon', ['v=spf1 include:amazonses.com.evil.test -all'], 'warning', 'Add include'],
    ['two', [SPF, 'v=spf1 mx -all'], 'wrong', 'Join them'],
  ])('SPF, %s: %s is told', async (_, records, status, todo) => {
    const name = 'mail.example.test TXT';
    const zone = records ? { ...good, [name]: records } : without(name);
    expect(await look('spf record', zone)).toMatchObject({ status, todo: expect.stringContaining(todo) });
  });

  test('an SPF record is known by its version, whatever its case; other texts are none', () => {
    expect(judgeSpf('example.test', ['V=SPF1 INCLUDE:amazonses.com -all']).status).toBe('ok');
    expect(judgeSpf('example.test', ['v=spf10 include:amazonses.com']).what).toContain('no SPF record');
  });

  test('S6: each DKIM record that is missing or leads elsewhere is named', async () => {
    const zone = { ...without(cname(token1)), [cname(token2)]: ['old.dkim.example.org'] };
    const found = await look('dkim records', zone);
    expect(found).toMatchObject({ status: 'wrong', todo: expect.stringContaining('sealpost dns') });
    expect(found.what).toContain(`${token1}._domainkey.mail.example.test is not there`);
    expect(found.what).toContain(`${token2}._domainkey.mail.example.test leads to old.dkim.example.org`);
    expect(found.what).not.toContain(token3);
  });

  test('without a DMARC record of its own a domain has that of one above it; the top level is not asked', async () => {
    const zone = { ...without('_dmarc.mail.example.test TXT'), '_dmarc.example.test TXT': ['v=DMARC1;p=none'] };
    const found = await look('dmarc record', zone);
    expect(found.what).toBe('The DMARC record of example.test says p=none.');
    const none = await look('dmarc record', {});
    expect(none).toMatchObject({ status: 'warning', todo: expect.stringContaining('Create _dmarc.mail.example.test') });
    expect(none.asked).toEqual(['_dmarc.mail.example.test TXT', '_dmarc.example.test TXT']);
  });

  test.each([
    ['two', ['v=DMARC1; p=none', 'v=DMARC1; p=reject']],
    ['without a policy', ['v=DMARC1; sp=reject']],
    ['with a policy that is none', ['v=DMARC1; p=maybe']],
  ])('DMARC records, %s, are wrong', async (_, records) => {
    const zone = { ...good, '_dmarc.mail.example.test TXT': records };
    expect((await look('dmarc record', zone)).status).toBe('wrong');
  });

  test('where mails go to a local SES no DNS server is asked', async () => {
    const names = ['spf record', 'dkim records', 'dmarc record'];
    const found = Object.values(await examine({ sesUrl: ses.url }, names));
    for (const { status, what } of found) {
      expect([status, what]).toEqual(['skipped', `Emails go to ${ses.url} and nowhere else.`]);
    }
  });
});
