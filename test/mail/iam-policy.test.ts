/** I1: the IAM policy is the guide's six actions, and nothing that is called at run time lies outside it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalSes } from '../../services/ses-local/server.ts';
import { grantedActions } from '../../services/mail/iam-policy.ts';
import { apiEnvironment, startApiProcess, startSes, tokenOf, user } from '../support/api.ts';
import { runCli } from '../support/cli.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { awaitCode } from '../support/mailbox.ts';

const services = join(import.meta.dirname, '../../services');

let db: TestDatabase;
let ses: LocalSes;
beforeAll(async () => {
  [db, ses] = await Promise.all([createTestDatabase(), startSes()]);
});
afterAll(async () => {
  await Promise.all([ses.close(), db.drop()]);
});

const callsOf = async (): Promise<Record<string, number>> =>
  (await (await fetch(`${ses.url}/calls`)).json()) as Record<string, number>;

describe('the IAM policy', () => {
  test("is the guide's, to the letter", () => {
    expect(JSON.parse(readFileSync(join(services, 'mail/iam-policy.json'), 'utf8'))).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: [
            'ses:SendEmail',
            'ses:SendRawEmail',
            'ses:GetSendQuota',
            'ses:GetSendStatistics',
            'ses:GetIdentityVerificationAttributes',
            'ses:GetIdentityDkimAttributes',
          ],
          Resource: '*',
        },
      ],
    });
  });

  test('grants all that api, doctor and dns call: a code goes out, both commands answer, and SES saw no other action', async () => {
    const options = { databaseUrl: db.url, sesUrl: ses.url };
    const api = await startApiProcess(options);
    const token = await tokenOf(user(1));
    await api.call('POST', '/api/email-verification/send-otp', { token, body: { email: 'a@example.com' } });
    expect(await awaitCode(ses.url, 'a@example.com')).toMatch(/^\d{6}$/);
    const doctor = await runCli(['doctor', '--json', '--api-url', api.url], apiEnvironment(options));
    expect(doctor.stdout).not.toContain('Not checked');
    expect((await runCli(['dns'], apiEnvironment(options))).code).toBe(0);
    await api.kill('SIGTERM');
    const called = Object.keys(await callsOf());
    expect(called).toEqual(expect.arrayContaining(['SendRawEmail', 'GetSendStatistics', 'GetIdentityDkimAttributes']));
    expect(called.filter((action) => !grantedActions.includes(`ses:${action}`))).toEqual([]);
  });

  test('grants every action that the source names', () => {
    const named = readdirSync(join(services, 'mail'))
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(services, 'mail', name), 'utf8'))
      .filter((text) => text.includes("from '@aws-sdk/client-ses'"))
      .flatMap((text) => [...text.matchAll(/new (\w+)Command\(/g)].map(([, action]) => `ses:${action}`));
    expect(named.length).toBeGreaterThan(4);
    expect(named.filter((action) => !grantedActions.includes(action))).toEqual([]);
  });
});
