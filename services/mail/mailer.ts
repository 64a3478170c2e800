/**
 * The sender: hands mails to the transport at its pace, one request a claim, and says what came of each. It is given
 * mails by the process that asked for them, and claims those that a dead or busy process left in the outbox.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from '../core/decide.ts';
import type { Mail } from '../core/mail.ts';
import { createBreaker } from './breaker.ts';
import { createPace } from './pace.ts';
import type { OutgoingMail, SendResult, Transport } from './transport.ts';

/** The store, as the sender needs it; mail and store do not know each other. */
export type Outbox = Readonly<{
  claim(limit: number): Promise<readonly Mail[]>;
  defer(mail: Mail, milliseconds: number): Promise<void>;
  record(command: Command): Promise<unknown>;
}>;

export type MailerOptions = Readonly<{
  outbox: Outbox;
  transport: Transport;
  /** What to send for a mail; undefined where its key is gone and there is no code any more. */
  compose: (mail: Mail) => OutgoingMail | undefined;
  onResult?: (kind: SendResult['kind'], milliseconds: number) => void;
}>;

export type Mailer = Readonly<{
  /** Whether a mail offered now would be sent within its claim. */
  hasRoom(): boolean;
  /** Takes a mail that this process holds the claim of. */
  offer(mail: Mail): void;
  /** False while the service takes no mail at all: quota, paused account, credentials. */
  isAvailable(): boolean;
  waiting(): number;
  /** Ends what is under way and gives the rest back to the outbox at once. */
  stop(): Promise<void>;
}>;

/** Of AWS's MaxSendRate, so that other senders of the account and clock differences have room. */
const RATE_SHARE = 0.8;
const RATE_PER_SECOND_UNTIL_KNOWN = 1;
/** Not begun within this time of its 15 s claim, a mail is left to the next claim, before another could send it too. */
const HOLD_MILLISECONDS = 8000;
const QUEUE_MAX = 1000;
const IN_FLIGHT_MAX = 64;
const POLL_MILLISECONDS = 500;
const QUOTA_MILLISECONDS = 60_000;
const RECORD_RETRY_MILLISECONDS = 500;

type Held = Mail & { readonly until: number };

export function createMailer({ outbox, transport, compose, onResult }: MailerOptions): Mailer {
  const pace = createPace(RATE_PER_SECOND_UNTIL_KNOWN);
  const breaker = createBreaker();
  const inFlight = new Set<Promise<void>>();
  const stopping = new AbortController();
  const queue: Held[] = [];
  let backlog = false;
  let wakeAt: NodeJS.Timeout | undefined;
  const loops = [every(POLL_MILLISECONDS, poll), every(QUOTA_MILLISECONDS, learnRate)];

  return {
    hasRoom: () =>
      !backlog && !stopping.signal.aborted && breaker.passes(performance.now()) && queue.length < roomMax(),
    offer: hold,
    isAvailable: () => breaker.passes(performance.now()),
    waiting: () => queue.length,
    stop,
  };

  // As many as go out in half the time that a mail may be held.
  function roomMax(): number {
    return Math.min(QUEUE_MAX, Math.max(1, Math.floor((pace.rate() * HOLD_MILLISECONDS) / 2000)));
  }

  function hold(mail: Mail): void {
    const until = performance.now() + Math.min(HOLD_MILLISECONDS, mail.livesMilliseconds);
    queue.push({ ...mail, until });
    pump();
  }

  function pump(): void {
    clearTimeout(wakeAt);
    while (queue.length > 0 && inFlight.size < IN_FLIGHT_MAX && !stopping.signal.aborted) {
      const now = performance.now();
      if (!breaker.passes(now)) return giveUpQueue();
      if ((queue[0]?.until ?? 0) < now) {
        const late = queue.shift();
        if (late) track(giveBack(late, 0));
        continue;
      }
      if (!pace.take(now)) {
        wakeAt = setTimeout(pump, pace.waitMilliseconds(now));
        return;
      }
      const mail = breaker.take(now) ? queue.shift() : undefined;
      if (mail) track(sendOne(mail));
    }
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
    const outgoing = compose(mail);
    const started = performance.now();
    const result: SendResult = outgoing ? await transport.send(outgoing) : { kind: 'rejected' };
    onResult?.(result.kind, performance.now() - started);
    const which = { address: mail.address, otpId, mailing };
    breaker.saw(result, performance.now());
    switch (result.kind) {
      case 'accepted':
        return record({ type: 'record-sent', ...which, messageId: result.messageId }, mail);
      case 'rejected':
        return record({ type: 'record-send-failed', ...which, reason: 'rejected' }, mail);
      case 'throttled':
        return giveBack(mail, 200 + Math.random() * 1800);
      case 'unavailable':
        return giveBack(mail, 5000);
      case 'unknown':
        // The claim runs out by itself, so that a lost answer makes one more request and not a burst of them.
        return undefined;
    }
  }

  // While the store is away the fact is kept in hand, so that its return does not find the mail unsent and mail again.
  async function record(command: Command, { livesMilliseconds, until }: Held): Promise<void> {
    const deadline = until + livesMilliseconds;
    for (;;) {
      try {
        await outbox.record(command);
        return;
      } catch {
        if (performance.now() > deadline || stopping.signal.aborted) return;
        await sleep(RECORD_RETRY_MILLISECONDS);
      }
    }
  }

  async function giveBack(mail: Mail, milliseconds: number): Promise<void> {
    await outbox.defer(mail, milliseconds).catch(() => {});
  }

  async function poll(): Promise<void> {
    pump();
    if (!breaker.passes(performance.now()) || queue.length >= roomMax()) return;
    const limit = Math.max(1, Math.min(roomMax() - queue.length, 500));
    const mails = await outbox.claim(limit);
    backlog = mails.length === limit;
    for (const mail of mails) hold(mail);
  }

  async function learnRate(): Promise<void> {
    pace.setRate(Math.max(0.1, (await transport.sendRate()) * RATE_SHARE));
    pump();
  }

  // At once, then again and again; a failure waits for the next time.
  async function every(milliseconds: number, work: () => Promise<void>): Promise<void> {
    while (!stopping.signal.aborted) {
      const failed = await work().then(
        () => false,
        () => true,
      );
      const pause = failed ? Math.min(milliseconds, 1000) : milliseconds;
      await sleep(pause, undefined, { signal: stopping.signal, ref: false }).catch(() => {});
    }
  }

  async function stop(): Promise<void> {
    stopping.abort();
    clearTimeout(wakeAt);
    // A claim under way still brings mails, and what is under way may still give some back.
    await Promise.all(loops);
    giveUpQueue();
    while (inFlight.size > 0) await Promise.all(inFlight);
    transport.close();
  }
}
