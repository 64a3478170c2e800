/** The real thing for the histories: an api on a frozen clock, the local SES, a signer of SNS's reports, a database of the guide's. */
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { signedText } from '../../services/mail/sns.ts';
import { expireCodes } from '../../services/scheduler/jobs/expire-codes.ts';
import { type ApiProcess, startApiProcess, startSes } from '../support/api.ts';
import { until } from '../support/contract.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { createGuideDatabase } from '../support/guide-tables.ts';
import { handlerOn } from '../support/handlers.ts';
import type { LocalSes } from '../../services/local/ses/server.ts';

const topic = 'arn:aws:sns:us-east-1:000000000000:model';

export type World = Readonly<{
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
  stop(): Promise<void>;
}>;

export async function openWorld(): Promise<World> {
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
    settled: () =>
      until('no mail is under way', async () => (await db.owner`select from outbox limit 1`).length === 0),
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
    expire: () => expireCodes({ sql: db.sql, handler }),
    stop: async () => {
      await api.kill('SIGKILL');
      certificates.close();
      await Promise.all([ses.close(), db.drop(), guide.drop()]);
    },
  };
}
