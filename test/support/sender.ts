/** A sender whose store and mail service do as they are told, on a clock that the test moves: nothing waits for real. */
import { onTestFinished, vi } from 'vitest';
import type { Command } from '../../services/core/decide.ts';
import type { Requested } from '../../services/core/events.ts';
import type { Mail } from '../../services/core/mail.ts';
import { createMailer, type Mailer } from '../../services/mail/mailer.ts';
import type { SendResult } from '../../services/mail/transport.ts';
import { collectReports } from './reports.ts';
import { addressOf } from './rules.ts';

/** From here on timers, also those of node:timers/promises, and performance.now go only as far as `moved` says. */
export function stopTheClock(): void {
  vi.useFakeTimers({ fakeNodeBuiltins: true });
  onTestFinished(() => void vi.useRealTimers());
}

/** Lets so much time go by, with everything that happens in it. */
export const moved = async (milliseconds = 0): Promise<void> => void (await vi.advanceTimersByTimeAsync(milliseconds));

export function mailOf(otpId: string, livesMilliseconds = 600_000, mailing = 1, deferrals = 0): Mail {
  const event = { type: 'requested', version: 1, at: 0, data: { otpId, mailing } as Requested['data'] } as const;
  return { address: addressOf('a@example.com'), event, claim: 0, deferrals, livesMilliseconds };
}

export type Told = Readonly<{
  /** What the service answers to the n-th request, which may still go out for so long. */
  answer?: (n: number, left: () => number) => SendResult | Promise<SendResult>;
  /** What it says of its rate when asked for the n-th time. */
  rate?: (n: number) => number | Promise<number>;
  /** How many permits there are for so many wanted. */
  permits?: (wanted: number, perSecond: number) => number;
  /** What the outbox has for the n-th claim. */
  claim?: (n: number, limit: number) => readonly Mail[] | Promise<readonly Mail[]>;
  record?: (n: number) => Promise<void>;
  countUnsure?: () => Promise<number>;
  defer?: () => Promise<void>;
  /** False where the mail's key is missing. */
  compose?: (mail: Mail) => boolean;
  attemptMillisecondsMax?: number;
}>;

export type Sender = Readonly<{
  mailer: Mailer;
  sent: string[];
  recorded: Command[];
  /** Each mail that was given back: its id, and for how long. */
  deferred: [otpId: string, milliseconds: number][];
  /** How many each claim asked for. */
  claims: number[];
  /** How many permits each question wanted, and at what pace. */
  asked: [wanted: number, perSecond: number][];
  results: [kind: string, milliseconds: number][];
  /** Each time that the service was said to stop taking mails, and why, or to take them again. */
  available: [isAvailable: boolean, reason: string][];
  /** How often the service was asked for its rate, and how often its connection was closed. */
  count: { rates: number; closed: number };
  /** The loops that failed, each time that they did. */
  failing: () => readonly string[];
  /** The loops that a round of succeeded. */
  succeeding: () => readonly string[];
}>;

export const taken = { kind: 'accepted', messageId: 'm' } as const;

/** Its service takes 1000 a second and every mail, for which one attempt lasts 6 s at most, unless it is told otherwise. */
export function senderTold(told: Told = {}): Sender {
  const { answer = () => taken, rate = () => 1000, permits = (wanted) => wanted, claim = () => [] } = told;
  const count = { rates: 0, closed: 0 };
  const seen = {
    sent: [],
    recorded: [],
    deferred: [],
    claims: [],
    asked: [],
    results: [],
    available: [],
  } as unknown as Sender;
  const { sent, recorded, deferred, claims, asked, results } = seen;
  let records = 0;
  const { reportOn, failures, successes } = collectReports();
  const mailer = createMailer({
    reportOn,
    outbox: {
      claim: async (limit) => claim(claims.push(limit), limit),
      defer: async ({ event }, milliseconds) => {
        deferred.push([event.data.otpId, milliseconds]);
        await told.defer?.();
      },
      countUnsure: told.countUnsure ?? (async () => 1),
      record: async (command) => {
        await told.record?.(++records);
        recorded.push(command);
      },
      permits: async (wanted, perSecond) => {
        asked.push([wanted, perSecond]);
        return { granted: permits(wanted, perSecond), waitMilliseconds: 1_000_000 };
      },
    },
    transport: {
      send: async ({ reference }, left = () => Number.POSITIVE_INFINITY) => answer(sent.push(reference), left),
      sendRate: async () => rate(++count.rates),
      attemptMillisecondsMax: told.attemptMillisecondsMax ?? 6000,
      close: () => void count.closed++,
    },
    compose: (mail) =>
      (told.compose?.(mail) ?? true)
        ? { to: mail.address, reference: mail.event.data.otpId, message: { subject: '', text: '', html: '' } }
        : 'no-key',
    onResult: ({ kind }, milliseconds) => void results.push([kind, milliseconds]),
    onAvailable: (isAvailable, reason) => void seen.available.push([isAvailable, reason]),
  });
  onTestFinished(async () => {
    const stopped = mailer.stop();
    await moved(30_000);
    await stopped;
  });
  return { ...seen, mailer, count, failing: () => failures.map(({ loop }) => loop), succeeding: () => successes };
}

/** The ids of what was recorded, each with what it was recorded as. */
export const told = (recorded: readonly Command[]): readonly string[] =>
  recorded.map((command) => `${'otpId' in command ? command.otpId : '?'} ${command.type.replace('record-', '')}`);
