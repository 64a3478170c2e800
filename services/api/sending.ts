/** Composes the sending of mails: the sender on its outbox, what holds it back, and the one answer whether a mail may go out. */
import { type Capacity, createCapacity } from '../mail/capacity.ts';
import { createCompose } from '../mail/compose.ts';
import { createMailer, type Mailer } from '../mail/mailer.ts';
import type { Composer } from '../mail/message.ts';
import type { Outbox } from '../mail/outbox.ts';
import type { Refusal } from '../mail/transport.ts';
import type { Log } from '../runtime/log.ts';
import type { Metrics } from '../runtime/metrics.ts';
import type { ReportOn } from '../runtime/repeat.ts';
import type { Traces } from '../runtime/traces.ts';
import type { Pool } from '../store/database.ts';
import type { Handler } from '../store/handle.ts';
import { claimMails, countUnsure, deferMail, takePermits } from '../store/outbox.ts';
import type { ApiConfig } from './config.ts';
import { READ_TIMEOUT_MILLISECONDS } from './env.ts';
import { traceMail } from './traced.ts';
import { watchBacklog } from './watch-backlog.ts';
import { type ReputationWatch, watchReputation } from './watch-reputation.ts';

export type Sending = Readonly<{
  mailer: Mailer;
  capacity: Capacity;
  /** Whom the reputation lets mails go out to, and the look for it, which the watch makes by itself too, a first time at the start. */
  standing: ReputationWatch['standing'];
  lookAgain: ReputationWatch['look'];
  looked: ReputationWatch['looked'];
  /** Ends what is under way, and gives the rest back. */
  stop(): Promise<void>;
}>;

export type SendingServices = Readonly<{
  pool: Pool;
  handler: Handler;
  composer: Composer;
  log: Log;
  metrics: Metrics;
  traces: Traces;
  reportOn: ReportOn;
}>;

export function startSending(config: ApiConfig, services: SendingServices): Sending {
  const { pool, handler, composer, log, metrics, traces, reportOn } = services;
  const sql = pool.within(READ_TIMEOUT_MILLISECONDS);
  const outbox: Outbox = {
    claim: (limit, overMilliseconds) => claimMails(pool, limit, overMilliseconds),
    defer: (mail, milliseconds) => deferMail(pool, mail, milliseconds),
    countUnsure: (mail) => countUnsure(pool, mail),
    record: (command) => handler.handle(command),
    permits: (wanted, perSecond) => takePermits(pool, wanted, perSecond),
  };
  metrics.mailAvailable.set(1);
  const reputation = watchReputation(sql, config.reputation, { log, metrics, reportOn });
  const mailer = createMailer({
    outbox,
    transport: config.openTransport(),
    compose: createCompose(config.otpKeys, composer),
    reportOn,
    onAvailable: (isAvailable, reason, refusal) => {
      metrics.mailAvailable.set(isAvailable ? 1 : 0);
      if (isAvailable) return log.info('mail_available');
      metrics.mailUnavailable.inc({ reason });
      log.warn('mail_unavailable', { reason, ...saidIn(refusal) });
    },
    onResult: (result, milliseconds, mail) => {
      if (result.kind === 'accepted') reputation.sent();
      metrics.sendSeconds.observe({ result: result.kind }, milliseconds / 1000);
      const reason = 'refusal' in result ? result.refusal?.fault : undefined;
      if (reason) metrics.mailRefusals.inc({ reason });
      traceMail(traces, mail, result, milliseconds);
      const { requestId } = mail.event.data;
      log.info('mail', {
        ...(requestId && { requestId }),
        result: result.kind,
        milliseconds: Math.round(milliseconds),
      });
    },
  });
  const { codeTtlSeconds } = config.policy;
  const backlog = watchBacklog(sql, codeTtlSeconds, { ratePerSecond: mailer.rate, metrics, reportOn });
  return {
    mailer,
    standing: reputation.standing,
    lookAgain: reputation.look,
    looked: reputation.looked,
    capacity: createCapacity({
      standing: reputation.standing,
      isAvailable: mailer.isAvailable,
      isFull: backlog.isFull,
      now: reputation.now,
    }),
    stop: async () => void (await Promise.all([mailer.stop(), reputation.stop(), backlog.stop()])),
  };
}

const saidIn = (refusal: Refusal | undefined) => refusal && { status: refusal.status, words: refusal.words };
