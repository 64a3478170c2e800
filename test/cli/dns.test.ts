/** `sealpost dns`: the records of S3, S4 and S6 with SES's own tokens, as lines that a name server takes. */
import { afterEach, describe, expect, test } from 'vitest';
import { dkimTokens, verificationToken } from '../../services/ses-local/identities.ts';
import { type LocalSes, type LocalSesOptions, startLocalSes } from '../../services/ses-local/server.ts';
import { apiEnvironment, credentials } from '../support/api.ts';
import { runCli } from '../support/cli.ts';
import { nowhere } from '../support/doctor.ts';

let ses: LocalSes | undefined;
afterEach(async () => {
  await ses?.close();
});

async function dns(options: Partial<LocalSesOptions>, args: readonly string[] = [], env: Record<string, string> = {}) {
  ses = await startLocalSes({ port: 0, credentials, ...options });
  return runCli(['dns', ...args], apiEnvironment({ ...nowhere, sesUrl: ses.url, env }));
}

const pending = { identity: 'example.com', status: 'Pending' } as const;

const cname = (t: string | undefined): string => `${t}._domainkey.example.com. 1800 IN CNAME ${t}.dkim.amazonses.com.`;

describe('sealpost dns', () => {
  test('S3, S4, S6: prints TXT, three CNAMEs, suggested SPF and DMARC, and MX as a comment', async () => {
    const { stdout, code } = await dns({ identities: [pending] });
    expect(code).toBe(0);
    const [t1, t2, t3] = dkimTokens('example.com');
    expect(stdout.trimEnd().split('\n')).toEqual([
      '; example.com in us-east-1: verification Pending, DKIM Pending',
      `_amazonses.example.com. 1800 IN TXT "${verificationToken('example.com')}"`,
      cname(t1),
      cname(t2),
      cname(t3),
      '; suggested; a domain has one SPF record: add include:amazonses.com to the one that is there',
      'example.com. 1800 IN TXT "v=spf1 include:amazonses.com ~all"',
      '_dmarc.example.com. 1800 IN TXT "v=DMARC1; p=none; rua=mailto:postmaster@example.com"',
      '; only to receive mail through SES',
      '; example.com. 1800 IN MX 10 inbound-smtp.us-east-1.amazonaws.com.',
    ]);
  });

  test('as JSON it has the same records, and the region of the settings', async () => {
    const { stdout } = await dns({ identities: [pending], region: 'eu-west-1' }, ['--json'], {
      AWS_REGION: 'eu-west-1',
    });
    const { domain, verification, needed, optional } = JSON.parse(stdout) as Record<string, unknown>;
    expect([domain, verification]).toEqual(['example.com', 'Pending']);
    expect(needed).toHaveLength(4);
    expect(optional).toEqual([{ name: 'example.com', type: 'MX', value: '10 inbound-smtp.eu-west-1.amazonaws.com' }]);
  });

  test('a sender below a verified domain gets the records of that domain; --domain names another', async () => {
    const env = { SES_FROM_EMAIL: 'noreply@mail.example.com' };
    expect((await dns({ identities: ['example.com'] }, ['--domain', 'Example.com'])).stdout).toContain(
      '; example.com in',
    );
    await ses?.close();
    const below = await dns({ identities: [{ identity: 'example.com', status: 'Pending' }] }, [], env);
    expect(below.stdout).toContain('_amazonses.example.com.');
    expect(below.stdout).not.toContain('mail.example.com');
  });

  test('a domain that SES does not know is refused with the commands that exist, and no record is printed', async () => {
    const { stdout, stderr, code } = await dns({ identities: [] });
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('aws ses verify-domain-identity --domain example.com');
    expect(stderr).toContain('aws ses verify-domain-dkim --domain example.com');
  });
});
