/** POST /api/ses/notifications: what SES reports through SNS. Believed by its signature alone; nothing it names is opened. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import { parseEmailAddress } from '../../core/email-address.ts';
import { type Feedback, readFeedback } from '../../mail/feedback.ts';
import { NotBelieved, type SnsMessage, type SnsCheck } from '../../mail/sns.ts';
import { findMailing } from '../../store/feedback.ts';
import { readState } from '../../store/queries.ts';
import { readBody } from '../http/body.ts';
import type { AppEnv } from '../env.ts';
import { Refused, refusedBy } from '../http/problem.ts';
import type { BoundedSql } from '../../store/database.ts';
import type { Handler } from '../../store/handle.ts';
import type { Log } from '../../runtime/log.ts';
import type { Metrics } from '../../runtime/metrics.ts';

/** SNS's own bound of a message. */
const BODY_BYTES_MAX = 262_144;

type Needs = Readonly<{
  sql: BoundedSql;
  handler: Handler;
  snsCheck: SnsCheck;
  log: Log;
  metrics: Metrics;
}>;

/** Before the limits of /api: SNS posts for everybody, from few addresses, and bodies of its own size. */
export function notifications(app: OpenAPIHono<AppEnv>, { sql, handler, snsCheck, log, metrics }: Needs): void {
  app.post('/api/ses/notifications', async (c) => {
    await readBody(c, BODY_BYTES_MAX);
    const message = await checkMessage(await c.req.text());
    if (message.Type !== 'Notification') tellOperator(message);
    const feedback = message.Type === 'Notification' ? readFeedback(message.Message) : undefined;
    if (feedback) await record(feedback);
    return c.json({ success: true as const }, 200);
  });

  async function checkMessage(body: string): Promise<SnsMessage> {
    try {
      return await snsCheck(body, Date.now());
    } catch (error) {
      if (error instanceof NotBelieved) throw new Refused('notification_refused', { detail: error.message });
      // The certificate could not be fetched: SNS sends it again.
      throw new Refused('keys_unavailable', { retryAfterSeconds: 20 }, { cause: error });
    }
  }

  // Whoever asked for it has to confirm it with a look; a program that opens what it is sent can be led anywhere.
  function tellOperator({ Type, SubscribeURL }: SnsMessage): void {
    const reason = Type === 'SubscriptionConfirmation' ? 'open subscribeUrl to confirm it' : 'unsubscribed';
    log.warn('sns_subscription', { reason, ...(SubscribeURL ? { subscribeUrl: SubscribeURL } : {}) });
  }

  async function record({ messageId, destination, reference, report, feedbackId }: Feedback): Promise<void> {
    for (const text of destination) {
      const parsed = parseEmailAddress(text);
      if (!parsed.ok) continue;
      const { address } = parsed;
      const found = await findMailing(sql, address, messageId, reference);
      metrics.feedback.inc({ kind: report.kind, known: String(found !== undefined) });
      if (!found) {
        // The report can be here before `sent` is recorded; SNS comes again.
        const state = await readState(sql, address);
        const mayCome = state?.codes.some(({ mailings }) => mailings.some(({ delivery }) => delivery === 'queued'));
        if (mayCome) throw new Refused('store_unavailable', { retryAfterSeconds: 5 });
        continue;
      }
      const handled = await handler.handle({ type: 'record-feedback', address, ...found, feedbackId, report });
      if (handled.kind === 'rejected') throw refusedBy(handled.rejection);
    }
  }
}
