/** The sender: hands mails to the transport at its pace and records what came of each; it is offered mails, and claims others. */
import type { Command } from '../core/decide.ts';
import { CLAIM_SECONDS, type Mail } from '../core/mail.ts';
import { repeat, type ReportOn } from '../runtime/repeat.ts';
import { createBreaker } from './breaker.ts';
import type { Compose } from './compose.ts';
import { type Outbox, reportedOutbox } from './outbox.ts';
import { createOutcomes } from './outcomes.ts';
import { createSharedPace, learnRate } from './shared-pace.ts';
import type { OutgoingMail, SendResult, Transport } from './transport.ts';

export type MailerOptions = Readonly<{
  outbox: Outbox;
  transport: Transport;
  compose: Compose;
  /** False while so many mails come back that none may go out. */
  mayMail?: () => boolean;
  reportOn: ReportOn;
  onResult?: (kind: SendResult['kind'], milliseconds: number) => void;
}>;

export type Mailer = Readonly<{
  /** Whether a mail offered now would be sent within its claim. */
  hasRoom(): boolean;
  /** Takes a mail that this process holds the claim of. */
  offer(mail: Mail): void;
  /** False while the service takes no mail at all: quota, paused account, credentials, not reached. */
  isAvailable(): boolean;
  /** Mails a second that all processes together may send; 0 until it is known. */
  rate(): number;
  /** Ends what is under way and gives the rest back to the outbox at once. */
  stop(): Promise<void>;
}>;

/** Of its claim, less a second for the way, a mail is held for what an attempt does not need, so that no other sends it meanwhile. */
const CLAIM_MILLISECONDS = (CLAIM_SECONDS - 1) * 1000;
const QUEUE_MAX = 1000;
const IN_FLIGHT_MAX = 64;
const POLL_MILLISECONDS = 500;
const QUOTA_MILLISECONDS = 60_000;
/** A mail that may have been taken is tried once more, and not again. */
const UNSURE_MAX = 2;

type Held = Mail & { readonly until: number };

export function createMailer(options: MailerOptions): Mailer {
  const { transport, compose, mayMail = () => true, reportOn, onResult } = options;
  const outbox = reportedOutbox(options.outbox, reportOn);
  const pace = createSharedPace(outbox.permits, () => pump());
  const breaker = createBreaker();
  const inFlight = new Set<Promise<void>>();
  const stopping = new AbortController();
  const queue: Held[] = [];
  const outcomes = createOutcomes(outbox, stopping.signal);
  let backlog = false;
  /** The circuit is half-open and no mail waits to be its probe: the next one asked for may be. */
  let probeWanted = false;
  const holdMilliseconds = CLAIM_MILLISECONDS - transport.attemptMillisecondsMax;
  const circuit = () => (mayMail() ? breaker.state(performance.now()) : 'open');
  const loops = [
    repeat({ signal: stopping.signal, milliseconds: POLL_MILLISECONDS, report: reportOn('claim-mails'), work: poll }),
    repeat({
      signal: stopping.signal,
      milliseconds: QUOTA_MILLISECONDS,
      report: reportOn('learn-send-rate'),
      work: learn,
    }),
  ];

  return {
    hasRoom: () => circuit() === 'closed' && !backlog && !stopping.signal.aborted && queue.length < roomMax(),
    offer: hold,
    isAvailable: () => circuit() === 'closed' || (circuit() === 'half-open' && probeWanted),
    rate: pace.rate,
    stop,
  };

  // As many as go out in half the time that a mail may be held.
  function roomMax(): number {
    return Math.min(QUEUE_MAX, Math.max(1, Math.floor((pace.rate() * holdMilliseconds) / 2000)));
  }

  function hold(mail: Mail): void {
    const until = performance.now() + Math.min(holdMilliseconds, mail.livesMilliseconds);
    queue.push({ ...mail, until });
    pump();
  }

  function pump(): void {
    while (queue.length > 0 && inFlight.size < IN_FLIGHT_MAX && !stopping.signal.aborted) {
      const now = performance.now();
      if (circuit() === 'open') return giveUpQueue();
      if ((queue[0]?.until ?? 0) < now) {
        const late = queue.shift();
        if (late) track(giveBack(late, 0));
        continue;
      }
      if (!pace.take(Math.min(queue.length, IN_FLIGHT_MAX))) return;
      const mail = breaker.take(now) ? queue.shift() : undefined;
      if (mail) track(sendOne(mail));
    }
    if (queue.length === 0) pace.forget();
  }

  // While the service takes nothing, no mail waits here: whoever finds it open again takes them from the outbox.
  function giveUpQueue(): void {
    for (const mail of queue.splice(0)) track(giveBack(mail, 0));
  }

  function track(work: Promise<void>): void {
    const tracked = work.finally(() => {
      inFlight.delete(tracked);
      pump();
    });
    inFlight.add(tracked);
  }

  async function sendOne(mail: Held): Promise<void> {
    const { otpId, mailing } = mail.event.data;
    const which = { address: mail.address, otpId, mailing };
    // A mail that cannot be composed is its own failure and nobody else's.
    const outgoing = composed(mail);
    if (!outgoing) return record({ type: 'record-send-failed', ...which, reason: 'rejected' }, mail);
    const started = performance.now();
    const result = await transport.send(outgoing);
    const now = performance.now();
    onResult?.(result.kind, now - started);
    breaker.saw(result, started, now);
    switch (result.kind) {
      case 'accepted':
        return record({ type: 'record-sent', ...which, messageId: result.messageId }, mail);
      case 'rejected':
        return record({ type: 'record-send-failed', ...which, reason: 'rejected' }, mail);
      case 'throttled':
        return giveBack(mail, 200 + Math.random() * 1800);
      case 'unreached':
        return giveBack(mail, 1000 + Math.random() * 3000);
      case 'unavailable':
        return giveBack(mail, 5000);
      case 'unsure': {
        // The claim runs out by itself, so that a lost answer makes one more request and not a burst of them.
        const times = await outbox.countUnsure(mail).catch(() => 0);
        if (times < UNSURE_MAX) return undefined;
        return record({ type: 'record-send-failed', ...which, reason: 'unanswered' }, mail);
      }
    }
  }

  function composed(mail: Mail): OutgoingMail | undefined {
    try {
      return compose(mail);
    } catch {
      return undefined;
    }
  }

  function record(command: Command, mail: Held): Promise<void> {
    return outcomes.record(command, mail, mail.until + mail.livesMilliseconds);
  }

  async function giveBack(mail: Mail, milliseconds: number): Promise<void> {
    await outbox.defer(mail, milliseconds).catch(() => {});
  }

  async function poll(): Promise<void> {
    pump();
    const now = circuit();
    if (now === 'open' || queue.length >= roomMax()) return;
    // Of a service that was away, one mail is the probe; the others stay where whoever finds it well takes them.
    const limit = now === 'half-open' ? 1 : Math.max(1, Math.min(roomMax() - queue.length, 500));
    const mails = await outbox.claim(limit);
    backlog = now === 'closed' && mails.length === limit;
    probeWanted = now === 'half-open' && mails.length === 0;
    for (const mail of mails) if (!outcomes.isAnswered(mail)) hold(mail);
  }

  function learn(): Promise<void> {
    return learnRate(transport, pace).finally(pump);
  }

  async function stop(): Promise<void> {
    stopping.abort();
    pace.stop();
    // A claim under way still brings mails, and what is under way may still give some back.
    await Promise.all(loops);
    giveUpQueue();
    while (inFlight.size > 0) await Promise.all(inFlight);
    transport.close();
  }
}
