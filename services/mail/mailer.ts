/** The sender: hands mails to the transport at its pace and records what came of each; it is offered mails, and claims others. */
import type { Command } from '../core/decide.ts';
import { CLAIM_SECONDS, type Mail, mailName } from '../core/mail.ts';
import { repeat, type ReportOn } from '../runtime/repeat.ts';
import { afterAttempt, keylessMilliseconds, sendFailed, UNSURE_MAX } from './after-attempt.ts';
import { createBreaker } from './breaker.ts';
import { createClock } from './clock.ts';
import type { Compose } from './compose.ts';
import { type Outbox, watchedOutbox } from './outbox.ts';
import { createOutcomes } from './outcomes.ts';
import { createPatience } from './patience.ts';
import { createSendQueue, type Held, IN_FLIGHT_MAX } from './send-queue.ts';
import { createSharedPace, learnRate } from './shared-pace.ts';
import type { Refusal, SendResult, Transport } from './transport.ts';

export type MailerOptions = Readonly<{
  outbox: Outbox;
  transport: Transport;
  compose: Compose;
  reportOn: ReportOn;
  onResult?: (result: SendResult, milliseconds: number, mail: Mail) => void;
  /** Told when the mail service stops to take mails, why and in which words, and when it takes them again. */
  onAvailable?: (isAvailable: boolean, reason: string, refusal: Refusal | undefined) => void;
}>;

export type Mailer = Readonly<{
  /** Whether a mail offered now would be sent within its claim. */
  hasRoom(): boolean;
  /** The time by the sender's clock. */
  now(): number;
  /** Takes a mail that this process holds the claim of, which began no earlier than `since`. */
  offer(mail: Mail, since?: number): void;
  /** False while the service takes no mail at all: quota, paused account, credentials, not reached. */
  isAvailable(): boolean;
  /** Mails a second that all processes together may send; 0 until it is known. */
  rate(): number;
  /** Ends what is under way and gives the rest back to the outbox at once. */
  stop(): Promise<void>;
}>;

/** Of its claim, less a second for the way, a mail is held for what an attempt does not need, so that no other sends it meanwhile. */
const CLAIM_MILLISECONDS = (CLAIM_SECONDS - 1) * 1000;
const CLAIMED_MAX = 500;
const POLL_MILLISECONDS = 500;
const QUOTA_MILLISECONDS = 60_000;

export function createMailer(options: MailerOptions): Mailer {
  const { transport, compose, reportOn, onResult, onAvailable } = options;
  const composing = reportOn('compose-mail');
  const keys = reportOn('find-key');
  const now = createClock();
  const patience = createPatience(performance.now());
  const outbox = watchedOutbox(options.outbox, reportOn, patience);
  const pace = createSharedPace(outbox.permits, () => pump());
  const breaker = createBreaker();
  const { attemptsAtOnceMax: inFlightMax = IN_FLIGHT_MAX } = transport;
  const holdMilliseconds = CLAIM_MILLISECONDS - transport.attemptMillisecondsMax;
  if (holdMilliseconds <= 0) throw new Error('An attempt of this transport may take longer than a claim lasts.');
  const queue = createSendQueue({
    claimMilliseconds: CLAIM_MILLISECONDS,
    holdMilliseconds,
    inFlightMax,
    breaker,
    pace,
  });
  const inFlight = new Set<Promise<void>>();
  /** Until their outcome is recorded: whoever's claim ran out meanwhile is not sent again beside itself. */
  const underWay = new Set<string>();
  const stopping = new AbortController();
  const { signal } = stopping;
  const recordOutcome = createOutcomes(outbox, signal);
  let backlog = false;
  /** Since the last look a mail was left to whoever has its key. */
  let keyless = false;
  /** The circuit is half-open and no mail waits to be its probe: the next one asked for may be. */
  let probeWanted = false;
  const loops = [
    repeat({ signal, milliseconds: POLL_MILLISECONDS, report: reportOn('claim-mails'), work: poll }),
    repeat({ signal, milliseconds: QUOTA_MILLISECONDS, report: reportOn('learn-send-rate'), work: learn }),
  ];

  return { hasRoom, now, offer: hold, isAvailable, rate: pace.rate, stop };

  function hasRoom(): boolean {
    const isClosed = breaker.state(now()) === 'closed';
    return isClosed && !backlog && !signal.aborted && queue.freshLength() < queue.lengthMax();
  }

  function isAvailable(): boolean {
    const state = breaker.state(now());
    return state === 'closed' || (state === 'half-open' && probeWanted);
  }

  function hold(mail: Mail, since = now()): void {
    queue.hold(mail, since);
    pump();
  }

  function pump(): void {
    if (signal.aborted) return;
    const { send, giveBack: back } = queue.step(now(), inFlightMax - inFlight.size);
    for (const mail of back) track(giveBack(mail, 0));
    for (const mail of send) {
      underWay.add(mailName(mail));
      track(attempt(mail).finally(() => underWay.delete(mailName(mail))));
    }
  }

  function track(work: Promise<void>): void {
    const tracked = work.finally(() => {
      inFlight.delete(tracked);
      pump();
    });
    inFlight.add(tracked);
  }

  async function attempt(mail: Held): Promise<void> {
    // A mail that cannot be composed is its own failure and nobody else's.
    const outgoing = tryCompose(mail);
    if (!outgoing) return record(sendFailed(mail, 'rejected'), mail);
    if (outgoing === 'no-key') return leaveToWhoHasTheKey(mail);
    const started = now();
    const result = await transport.send(outgoing, () => mail.ends - now());
    const ended = now();
    onResult?.(result, ended - started, mail);
    saw(result, started, ended, mail);
    const next = afterAttempt(result, mail, Math.random());
    if (next.do === 'record') return record(next.command, mail);
    if (next.do === 'give-back') return giveBack(mail, next.milliseconds);
    const times = await outbox.countUnsure(mail).catch(() => 0);
    if (times >= UNSURE_MAX) return record(sendFailed(mail, 'unanswered'), mail);
    return undefined;
  }

  function saw(result: SendResult, started: number, ended: number, mail: Mail): void {
    const wasClosed = breaker.state(ended) === 'closed';
    breaker.saw(result, started, ended, mailName(mail));
    const isClosed = breaker.state(ended) === 'closed';
    if (isClosed === wasClosed) return;
    const refusal = 'refusal' in result ? result.refusal : undefined;
    onAvailable?.(isClosed, result.kind === 'unavailable' ? result.reason : result.kind, refusal);
  }

  function leaveToWhoHasTheKey(mail: Mail): Promise<void> {
    keyless = true;
    keys.failed(new Error(`The key ${mail.event.data.keyId} of a code is not among OTP_KEYS here.`));
    return giveBack(mail, keylessMilliseconds(mail, Math.random()));
  }

  function tryCompose(mail: Mail): ReturnType<Compose> | undefined {
    try {
      const outgoing = compose(mail);
      composing.succeeded();
      return outgoing;
    } catch (error) {
      composing.failed(error);
      return undefined;
    }
  }

  function record(command: Command, mail: Held): Promise<void> {
    const left = mail.until + mail.livesMilliseconds - now();
    return recordOutcome(command, performance.now() + left);
  }

  async function giveBack(mail: Mail, milliseconds: number): Promise<void> {
    await outbox.defer(mail, milliseconds).catch(() => {});
  }

  async function poll(): Promise<void> {
    pump();
    if (!keyless) keys.succeeded();
    keyless = false;
    const since = now();
    const state = breaker.state(since);
    const room = queue.lengthMax() - queue.length();
    if (state === 'open' || room <= 0) return;
    // Of a service that was away, one mail is the probe; the others stay where whoever finds it well takes them.
    const limit = state === 'half-open' ? 1 : Math.min(room, CLAIMED_MAX);
    const mails = await outbox.claim(limit, patience.milliseconds(performance.now()));
    // Those that were refused before come last, and are nobody's backlog but their own.
    backlog = state === 'closed' && mails.length === limit && mails.at(-1)?.deferrals === 0;
    probeWanted = state === 'half-open' && mails.length === 0;
    for (const mail of mails) if (!underWay.has(mailName(mail))) hold(mail, since);
  }

  function learn(): Promise<void> {
    return learnRate(transport, pace).finally(pump);
  }

  async function stop(): Promise<void> {
    stopping.abort();
    pace.stop();
    // A claim under way still brings mails, and what is under way may still give some back.
    await Promise.all(loops);
    for (const mail of queue.empty()) track(giveBack(mail, 0));
    while (inFlight.size > 0) await Promise.all(inFlight);
    transport.close();
  }
}
