/**
 * The sender: hands mails to the transport at its pace, one request a claim, and says what came of each. It is given
 * mails by the process that asked for them, and claims those that a dead or busy process left in the outbox.
 */
import type { Command } from '../core/decide.ts';
import { type Mail, mailName } from '../core/mail.ts';
import { every, orUndefined, untilDone } from './again.ts';
import { createBreaker } from './breaker.ts';
import { type AskForPermits, createSharedPace } from './shared-pace.ts';
import type { OutgoingMail, SendResult, Transport } from './transport.ts';

/** The store, as the sender needs it; mail and store do not know each other. */
export type Outbox = Readonly<{
  claim(limit: number): Promise<readonly Mail[]>;
  defer(mail: Mail, milliseconds: number): Promise<void>;
  /** Counts a request that ended without a clear answer; resolves to how many there were of this mail. */
  countUnsure(mail: Mail): Promise<number>;
  record(command: Command): Promise<unknown>;
  permits: AskForPermits;
}>;

export type MailerOptions = Readonly<{
  outbox: Outbox;
  transport: Transport;
  /** What to send for a mail; undefined where its key is gone and there is no code any more. */
  compose: (mail: Mail) => OutgoingMail | undefined;
  /** False while so many mails come back that none may go out. */
  mayMail?: () => boolean;
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

/** Of AWS's MaxSendRate, so that other senders of the account and clock differences have room. */
const RATE_SHARE = 0.8;
/** Where the service does not say: a sandbox's rate. */
const RATE_UNKNOWN = 1;
/** Of its claim of 15 s a mail is held for what an attempt does not need, so that no other sends it meanwhile. */
const CLAIM_MILLISECONDS = 14_000;
const QUEUE_MAX = 1000;
const IN_FLIGHT_MAX = 64;
const POLL_MILLISECONDS = 500;
const QUOTA_MILLISECONDS = 60_000;
/** A mail that may have been taken is tried once more, and not again. */
const UNSURE_MAX = 2;

type Held = Mail & { readonly until: number };

export function createMailer({ outbox, transport, compose, mayMail = () => true, onResult }: MailerOptions): Mailer {
  const pace = createSharedPace(outbox.permits, () => pump());
  const breaker = createBreaker();
  const inFlight = new Set<Promise<void>>();
  const stopping = new AbortController();
  const queue: Held[] = [];
  /** Answered by the service and not yet recorded: claimed again meanwhile, they are not to be sent again. */
  const answered = new Set<string>();
  let backlog = false;
  /** The circuit is half-open and no mail waits to be its probe: the next one asked for may be. */
  let probeWanted = false;
  const holdMilliseconds = CLAIM_MILLISECONDS - transport.attemptMillisecondsMax;
  const circuit = () => (mayMail() ? breaker.state(performance.now()) : 'open');
  const loops = [
    every(stopping.signal, POLL_MILLISECONDS, poll),
    every(stopping.signal, QUOTA_MILLISECONDS, learnRate),
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
    const outgoing = orUndefined(() => compose(mail));
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

  // While the store is away the fact is kept in hand.
  async function record(command: Command, mail: Held): Promise<void> {
    answered.add(mailName(mail));
    await untilDone(stopping.signal, mail.until + mail.livesMilliseconds, () => outbox.record(command));
    answered.delete(mailName(mail));
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
    for (const mail of mails) if (!answered.has(mailName(mail))) hold(mail);
  }

  async function learnRate(): Promise<void> {
    try {
      pace.setRate(Math.max(0.1, (await transport.sendRate()) * RATE_SHARE));
    } catch (error) {
      if (pace.rate() === 0) pace.setRate(RATE_UNKNOWN);
      throw error;
    } finally {
      pump();
    }
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
