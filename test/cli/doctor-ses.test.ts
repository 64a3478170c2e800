/** The doctor on SES: identity, DKIM, sandbox, quota and rates, each state made in the local SES; and an SES that refuses. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  judgeDkim,
  judgeIdentity,
  judgeQuota,
  judgeReputation,
  judgeSandbox,
} from '../../services/cli/doctor/mail-service.ts';
import { type LocalSes, type LocalSesOptions, startLocalSes } from '../../services/ses-local/server.ts';
import { grantedActions } from '../../services/mail/iam-policy.ts';
import { credentials, startSes } from '../support/api.ts';
import { examine, examineOne } from '../support/doctor.ts';
import { clientOf, email } from '../ses-local/support.ts';

let open: LocalSes[] = [];
afterEach(async () => {
  await Promise.all(open.map((ses) => ses.close()));
  open = [];
});

/** A check on an account like this. */
async function look(name: string, options: Partial<LocalSesOptions>, env: Record<string, string> = {}) {
  const ses = await startLocalSes({ port: 0, credentials, ...options });
  open.push(ses);
  return examineOne({ sesUrl: ses.url, env }, name);
}

describe('the doctor on SES', () => {
  test.each([
    ['Success', 'ok'],
    ['Pending', 'wrong'],
    ['Failed', 'wrong'],
    ['TemporaryFailure', 'wrong'],
  ] as const)("S2: a sender's domain that is %s is %s", async (status, judged) => {
    const found = await look('identity', { identities: [{ identity: 'example.com', status }] });
    expect(found.status).toBe(judged);
    expect(found.what).toContain(`example.com is ${status}`);
  });

  test('S2: a sender that SES does not know is wrong, and the command to add it is told', async () => {
    const found = await look('identity', { identities: ['example.org'] });
    expect(found).toMatchObject({ status: 'wrong', what: expect.stringContaining('knows neither') });
    expect(found.todo).toContain('aws ses verify-domain-identity --domain example.com');
  });

  test('a domain above the sender is enough, for verification and for DKIM', async () => {
    const env = { SES_FROM_EMAIL: 'noreply@mail.shop.example.com' };
    expect((await look('identity', { identities: ['example.com'] }, env)).status).toBe('ok');
    expect((await look('dkim', { identities: ['example.com'] }, env)).what).toContain('signed for example.com');
  });

  test('only the address verified: mails go out, and a warning says that they cannot be signed', async () => {
    expect((await look('identity', { identities: ['noreply@example.com'] })).status).toBe('warning');
    const pending = { name: 'example.com', verification: 'Pending', verificationToken: 't', dkim: noDkim };
    const address = { name: 'a@example.com', verification: 'Success', verificationToken: undefined, dkim: noDkim };
    expect(judgeIdentity('a@example.com', [address, pending])).toMatchObject({ status: 'warning' });
  });

  test.each([
    [true, 'Success', 'ok'],
    [false, 'Success', 'wrong'],
    [true, 'Pending', 'warning'],
    [true, 'TemporaryFailure', 'warning'],
    [true, 'Failed', 'wrong'],
    [false, 'NotStarted', 'wrong'],
  ] as const)('S5: DKIM that is enabled %s and %s is %s, and the tokens are told', async (enabled, status, judged) => {
    const found = await look('dkim', {
      identities: [{ identity: 'example.com', status: 'Success', dkim: { enabled, status } }],
    });
    expect(found.status).toBe(judged);
    if (enabled) expect(found.what).toMatch(/tokens (\w{32}, ){2}\w{32}/);
  });

  test('DKIM without tokens is told without them', () => {
    const identity = { name: 'example.com', verification: 'Success', verificationToken: 't', dkim: noDkim };
    expect(judgeDkim(identity).what).toBe('Mails are not signed for example.com: DKIM is NotStarted.');
  });

  test('S7: the sandbox is a warning, in production wrong; the same rate with a larger quota is none', async () => {
    const sandbox = { max24HourSend: 200, maxSendRate: 1 };
    expect((await look('sandbox', sandbox)).status).toBe('warning');
    expect((await look('sandbox', sandbox, { NODE_ENV: 'production' })).status).toBe('wrong');
    expect((await look('sandbox', { max24HourSend: 50_000, maxSendRate: 1 })).status).toBe('ok');
    expect(judgeSandbox({ perDayMax: -1, perSecondMax: 1, sentLastDay: 0 }, true).status).toBe('ok');
  });

  test('S7: quota, used part and rate are told, from what the account really sent', async () => {
    const ses = await startLocalSes({ port: 0, credentials, max24HourSend: 10, maxSendRate: 14 });
    open.push(ses);
    const to = Array.from({ length: 8 }, (_, n) => `a${n}@example.com`);
    await clientOf(ses, { credentials }).send(email(to));
    const found = await examineOne({ sesUrl: ses.url }, 'quota');
    expect(found).toMatchObject({ status: 'warning', what: '8 of 10 mails in 24 hours (80 %), 14/s at most.' });
  });

  test.each([
    [0, 1000, 'ok'],
    [799, 1000, 'ok'],
    [800, 1000, 'warning'],
    [1000, 1000, 'wrong'],
    [0, 0, 'wrong'],
    [5, -1, 'ok'],
  ])('%i of %i mails is %s', (sentLastDay, perDayMax, judged) => {
    expect(judgeQuota({ sentLastDay, perDayMax, perSecondMax: 14 }).status).toBe(judged);
  });

  test.each([
    [99, 50, 0, 'ok'],
    [1000, 49, 0, 'ok'],
    [1000, 50, 0, 'warning'],
    [1000, 100, 0, 'wrong'],
    [1000, 0, 1, 'warning'],
    [1000, 0, 5, 'wrong'],
    [10_000, 0, 9, 'ok'],
  ])('%i mails with %i bounces and %i complaints are %s', (attempts, bounces, complaints, judged) => {
    expect(judgeReputation({ attempts, bounces, complaints, rejects: 0 }).status).toBe(judged);
  });

  test('the rates come from the statistics of SES', async () => {
    const ses = await startLocalSes({ port: 0, credentials });
    open.push(ses);
    const client = clientOf(ses, { credentials });
    const good = Array.from({ length: 47 }, (_, n) => `a${n}@example.com`);
    const bounces = [1, 2, 3].map((n) => `bounce+${n}@simulator.amazonses.com`);
    for (let batch = 0; batch < 2; batch++) await client.send(email([...good, ...bounces]));
    const found = await examineOne({ sesUrl: ses.url }, 'reputation');
    expect(found).toMatchObject({
      status: 'warning',
      what: expect.stringContaining('6.00 % bounced, 0.00 % complained'),
    });
  });
});

describe('the doctor on an SES that does not answer', () => {
  let ses: LocalSes;
  beforeAll(async () => {
    ses = await startSes();
  });
  afterAll(() => ses.close());

  test('wrong credentials are told as such, and the questions that need them are not checked', async () => {
    const found = await examine({ sesUrl: ses.url, env: { AWS_SECRET_ACCESS_KEY: 'another' } });
    expect(found.ses).toMatchObject({ status: 'wrong', todo: expect.stringContaining('AWS_SECRET_ACCESS_KEY') });
    for (const name of ['identity', 'dkim', 'sandbox', 'quota', 'reputation']) {
      expect(found[name]).toMatchObject({ status: 'warning', what: expect.stringMatching(/^Not checked: ses:Get/) });
    }
  });

  test.each([
    ['ses:GetSendQuota', 'ses', 'wrong'],
    ['ses:GetSendStatistics', 'reputation', 'warning'],
    ['ses:GetIdentityDkimAttributes', 'dkim', 'warning'],
    ['ses:GetIdentityVerificationAttributes', 'identity', 'warning'],
  ])('I1: a policy without %s is told at %s, with the file that grants it', async (missing, name, status) => {
    const granted = grantedActions.filter((action) => action !== missing);
    const found = await look(name, { granted });
    expect(found).toMatchObject({ status, todo: expect.stringContaining('services/mail/iam-policy.json') });
    expect(found.what).toContain(missing.slice('ses:'.length));
  });

  test('an SES that is away is told as such, with where to look', async () => {
    expect(await examineOne({}, 'ses')).toMatchObject({ status: 'wrong', todo: expect.stringContaining('firewall') });
  });
});

const noDkim = { enabled: false, status: 'NotStarted', tokens: [] };
