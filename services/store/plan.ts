/** Decides a stream's share of a batch in memory: its commands one after the other, each on the state the last one left. */
import type { Context } from '../core/context.ts';
import { type Command, decide } from '../core/decide.ts';
import type { EmailAddress } from '../core/email-address.ts';
import type { AddressEvent, Instant, Recorded, Requested } from '../core/events.ts';
import { evolve } from '../core/evolve.ts';
import { type CodeRow, type EmailRow, project } from '../core/projections.ts';
import type { Rejection } from '../core/rejections.ts';
import { type AddressState, emptyAddress } from '../core/state.ts';
import { nextEventAt } from '../core/windows.ts';
import type { Addition } from './batch.ts';
import { answerAgain, type EarlierUse, keyName, type KeyUse } from './idempotency.ts';
import type { Reservations } from './limits/reservations.ts';
import type { Snapshot } from './load.ts';

/** What became of a command. The answer to the caller is read off the events just recorded. */
export type Handled =
  | Readonly<{ kind: 'recorded'; events: readonly [Recorded, ...Recorded[]]; now: Instant }>
  | Readonly<{ kind: 'unchanged'; because: 'already-verified' | 'just-verified' | 'nothing-to-do' }>
  /** The Idempotency-Key was used before: what was recorded then. */
  | Readonly<{ kind: 'replayed'; event: Recorded<Requested> }>
  | Readonly<{ kind: 'rejected'; rejection: Rejection }>;

export type HandleOptions = Readonly<{
  key?: KeyUse | undefined;
  /** This process will send the mail itself, within the claim. */
  claimMail?: boolean;
}>;

export type Asked = Readonly<{ command: Command; options: HandleOptions }>;

export type StreamPlan<A extends Asked> = Readonly<{
  outcomes: readonly (readonly [A, Handled | Error])[];
  /** Absent: nothing to record, the outcomes stand as they are. */
  addition: Addition | undefined;
}>;

/** The context without the id, which each new row takes from the batch's supply. */
export type BatchContext = Omit<Context, 'freshEmailId' | 'overLimit'> &
  Readonly<{ earlierUses: ReadonlyMap<string, EarlierUse>; reservations: Reservations }>;

export function planStream<A extends Asked>(
  address: EmailAddress,
  asked: readonly A[],
  snapshot: Snapshot | undefined,
  context: BatchContext,
  freshEmailIds: number[],
): StreamPlan<A> {
  const expectedVersion = snapshot?.version ?? 0;
  let state: AddressState = snapshot?.state ?? emptyAddress;
  const events: Recorded[] = [];
  const emails = new Map<number, EmailRow>();
  const codes = new Map<string, CodeRow>();
  const claimed = new Set<number>();
  const keys: { key: KeyUse; version: number }[] = [];
  const outcomes = asked.map((one) => [one, handle(one)] as const);
  const addition =
    events.length === 0
      ? undefined
      : {
          address,
          expectedVersion,
          state,
          events,
          emails: [...emails.values()],
          codes: [...codes.values()],
          claimed,
          keys,
          reservations: context.reservations.of(address),
        };
  return { outcomes, addition };

  function handle({ command, options }: A): Handled | Error {
    const earlier = options.key && context.earlierUses.get(keyName(options.key));
    if (options.key && earlier) return answerAgain(earlier, options.key);
    try {
      const decision = decide(state, command, {
        ...context,
        freshEmailId: freshEmailIds.at(-1) ?? 0,
        overLimit: context.reservations.refusalOf(command),
      });
      if (decision.kind !== 'recorded') return decision;
      context.reservations.add(command);
      const [first, ...rest] = decision.events;
      return {
        kind: 'recorded',
        events: [record(first, options), ...rest.map((event) => record(event, options))],
        now: context.now,
      };
    } catch (error) {
      return error instanceof Error ? error : new Error('A command could not be decided.', { cause: error });
    }
  }

  function record(body: AddressEvent, options: HandleOptions): Recorded {
    const at = nextEventAt(state.lastEventAt, context.now);
    const event: Recorded = { ...body, version: expectedVersion + events.length + 1, at };
    state = evolve(state, event);
    events.push(event);
    const rows = project(address, state, event);
    if (rows.email) emails.set(rows.email.id, rows.email);
    if (rows.code) codes.set(rows.code.id, rows.code);
    if ('emailId' in event.data && event.data.emailId === freshEmailIds.at(-1)) freshEmailIds.pop();
    if (event.type === 'requested') {
      if (options.claimMail) claimed.add(event.version);
      if (options.key) keys.push({ key: options.key, version: event.version });
    }
    return event;
  }
}
