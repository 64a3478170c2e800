/** SMTP as the road of a whole installation: a code goes out and comes back, and nothing of AWS is needed. */
import { expect, onTestFinished, test } from 'vitest';
import { startApiProcess, startSes, tokenOf, user } from '../support/api.ts';
import { createTestDatabase } from '../support/database.ts';
import { startSmtp } from '../support/smtp.ts';

test('with MAIL_TRANSPORT=smtp a code goes out by SMTP and comes back, without AWS', async () => {
  const [db, ses, smtp] = await Promise.all([createTestDatabase(), startSes(), startSmtp()]);
  const env = {
    MAIL_TRANSPORT: 'smtp',
    SMTP_HOST: '127.0.0.1',
    SMTP_PORT: String(smtp.port),
    SMTP_TLS: 'off',
    AWS_ACCESS_KEY_ID: '',
    AWS_SECRET_ACCESS_KEY: '',
  };
  const api = await startApiProcess({ databaseUrl: db.url, sesUrl: ses.url, env });
  onTestFinished(async () => {
    await api.kill('SIGKILL');
    await Promise.all([db.drop(), ses.close(), smtp.close()]);
  });
  const token = await tokenOf(user(1));
  const email = 'anna@example.com';
  const asked = await api.call('POST', '/api/email-verification/send-otp', { token, body: { email } });
  expect(asked.status).toBe(200);
  await expect.poll(() => smtp.mails.length, { timeout: 5000 }).toBe(1);
  const otp = /^(\d{6}) is your/m.exec(smtp.mails[0]?.raw ?? '')?.[1];
  const answer = await api.call('POST', '/api/email-verification/verify-otp', { token, body: { email, otp } });
  expect(answer.body).toMatchObject({ success: true, emailVerified: true });
  const status = await api.call('GET', `/api/email-verification/status/${email}`, { token });
  expect(status.body).toMatchObject({ delivery: 'sent' });
});
