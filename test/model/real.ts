/** The real thing for the histories: an api on a frozen clock, the local SES, a signer of SNS's reports, a database of the guide's. */
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { importAll } from '../../services/cli/import/import.ts';
import type { LocalSes } from '../../services/ses-local/server.ts';
import { signedText } from '../../services/mail/sns.ts';
import { expireCodes } from '../../services/scheduler/jobs/expire-codes.ts';
import { forgetIdempotencyKeys } from '../../services/store/retention.ts';
import { openImportSource } from '../../services/store/import-source.ts';
import { type ApiProcess, startApiProcess, startSes } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { createGuideDatabase } from '../support/guide-tables.ts';
import { handlerOn, unstopped } from '../support/handlers.ts';

const topic = 'arn:aws:sns:us-east-1:000000000000:model';

export type Real = Readonly<{
  db: TestDatabase;
  guide: TestDatabase;
  ses: LocalSes;
  api: ApiProcess;
  /** Waits until no mail is under way. */
  settled(): Promise<void>;
  /** Posts a report as SNS would, and resolves to the status of the answer. */
  report(message: object): Promise<number>;
  /** The scheduler's job. */
  expire(): Promise<number>;
  /** The scheduler's job. */
  forgetKeys(): Promise<number>;
  /** Brings over what stands in the guide's tables, which are then emptied. */
  bringOver(): Promise<void>;
  stop(): Promise<void>;
}>;

export async function openReal(): Promise<Real> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const certificates = createServer((_, response) => response.end(publicKey.export({ type: 'spki', format: 'pem' })));
  certificates.listen(0, '127.0.0.1');
  await once(certificates, 'listening');
  const SigningCertURL = `http://127.0.0.1:${(certificates.address() as AddressInfo).port}/sns.pem`;
  const [db, guide, ses] = await Promise.all([createTestDatabase(), createGuideDatabase(), startSes(10_000)]);
  const api = await startApiProcess({
    databaseUrl: db.url,
    sesUrl: ses.url,
    env: {
      SES_TOPIC_ARNS: topic,
      SNS_CERTIFICATE_URL: SigningCertURL,
      EMAIL_RATE_LIMIT_PER_USER_HOUR: '5',
      // The histories bounce more than any account may.
      MAIL_BOUNCE_PERCENT_MAX: '0',
      MAIL_COMPLAINT_PERCENT_MAX: '0',
    },
  });
  const handler = handlerOn(db.sql);
  return {
    db,
    guide,
    ses,
    api,
    settled: async () => {
      const deadline = performance.now() + 20_000;
      while ((await db.owner`select from outbox limit 1`).length > 0) {
        if (performance.now() > deadline) throw new Error('a mail is still under way');
        await sleep(2);
      }
    },
    report: async (about) => {
      const message = {
        Type: 'Notification' as const,
        MessageId: randomUUID(),
        TopicArn: topic,
        Message: JSON.stringify(about),
        Timestamp: new Date().toISOString(),
        SignatureVersion: '2' as const,
        Signature: '',
        SigningCertURL,
      };
      const Signature = sign('sha256', Buffer.from(signedText(message)), privateKey).toString('base64');
      const body = JSON.stringify({ ...message, Signature });
      const headers = { 'Content-Type': 'text/plain; charset=UTF-8' };
      return (await fetch(`${api.url}/api/ses/notifications`, { method: 'POST', headers, body })).status;
    },
    expire: () => expireCodes({ sql: db.sql, handler, signal: unstopped }),
    forgetKeys: () => forgetIdempotencyKeys(db.sql, unstopped),
    bringOver: async () => {
      const source = await openImportSource(guide.ownerUrl, 'UTC');
      await importAll({ source, sql: db.sql, handler, isErased: () => false });
      await source.close();
      await guide.owner`truncate user_email_addresses, email_otp_verifications`;
    },
    stop: async () => {
      await api.kill('SIGKILL');
      certificates.close();
      await Promise.all([ses.close(), db.drop(), guide.drop()]);
    },
  };
}
