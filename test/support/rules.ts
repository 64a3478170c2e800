/** given(events) when(command) then(...): the rules told without a database. Time is seconds since a start. */
import type { CodeIdentity, Context } from '../../services/core/context.ts';
import { type Command, decide } from '../../services/core/decide.ts';
import type { Decision } from '../../services/core/decision.ts';
import { parseEmailAddress, type EmailAddress } from '../../services/core/email-address.ts';
import type { AddressEvent, Recorded } from '../../services/core/events.ts';
import { evolve } from '../../services/core/evolve.ts';
import { defaultPolicy, type Policy } from '../../services/core/policy.ts';
import { type AddressState, emptyAddress } from '../../services/core/state.ts';
import { nextEventAt } from '../../services/core/windows.ts';
import { createCodeBook, deriveCode } from '../../services/mail/otp-code.ts';
import { otpKey, type OtpKeys } from '../../services/runtime/keys.ts';
import { user } from './api.ts';

export const START = Date.parse('2026-03-01T12:00:00Z');
export const testKeys: OtpKeys = [otpKey('k1', Buffer.alloc(32, 7))];

export function addressOf(text: string): EmailAddress {
  const parsed = parseEmailAddress(text);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.address;
}

export const anAddress = addressOf('a@example.com');

/** All that a code of so many digits is bound to. */
export const identityOf = (codeDigits: number): CodeIdentity => ({
  otpId: user(1),
  address: anAddress,
  userId: user(2),
  purpose: 'verification',
  salt: 'c2FsdA',
  keyId: 'k1',
  epoch: 1,
  codeDigits,
});

/** An address in memory whose events can be looked at. */
export class Story {
  state: AddressState = emptyAddress;
  readonly events: Recorded[] = [];
  nowSeconds = 0;
  private readonly policy: Policy;
  private readonly epoch: number;
  private ids = 0;

  constructor(policy: Partial<Policy> = {}, epoch = 1) {
    this.policy = { ...defaultPolicy, ...policy };
    this.epoch = epoch;
  }

  get now(): number {
    return START + this.nowSeconds * 1000;
  }

  after(seconds: number): this {
    this.nowSeconds += seconds;
    return this;
  }

  decide(command: Command, epoch = this.epoch): Decision {
    const codeBook = createCodeBook(testKeys, epoch);
    const context: Context = {
      now: this.now,
      policy: this.policy,
      codeBook,
      freshEmailId: this.state.links.length + 1,
    };
    const decision = decide(this.state, command, context);
    if (decision.kind === 'recorded') for (const event of decision.events) this.record(event);
    return decision;
  }

  record(body: AddressEvent): void {
    const at = nextEventAt(this.state.lastEventAt, this.now);
    const event: Recorded = { ...body, version: this.events.length + 1, at };
    this.events.push(event);
    this.state = evolve(this.state, event);
  }

  request(userId = user(1), purpose = 'verification'): Decision {
    const otpId = `otp-${++this.ids}`;
    const ids = { otpId, salt: `salt-${this.ids}`, locale: 'en', ipHash: null, sending: { to: 'everyone' as const } };
    return this.decide({ type: 'request-code', address: anAddress, userId, purpose, ...ids });
  }

  guess(
    guess: string,
    more: Partial<{ userId: string; purpose: string; otpId: string; epoch: number }> = {},
  ): Decision {
    const { userId = user(1), purpose, otpId, epoch } = more;
    return this.decide({ type: 'verify-code', address: anAddress, userId, purpose, otpId, guess, ipHash: null }, epoch);
  }

  /** The digits of the newest code, or of the one named. */
  code(otpId?: string): string {
    const code = otpId ? this.state.codes.find((one) => one.otpId === otpId) : this.state.codes.at(-1);
    return code ? (deriveCode(testKeys, { ...code, address: anAddress }) ?? '') : '';
  }

  wrong(otpId?: string): string {
    return ((Number(this.code(otpId)) + 1) % 1_000_000).toString().padStart(6, '0');
  }

  types(): readonly string[] {
    return this.events.map(({ type }) => type);
  }
}

/** A decision in a word or two, as tests read best. */
export function told(decision: Decision): string {
  switch (decision.kind) {
    case 'recorded':
      return decision.events.map(({ type }) => type).join(' ');
    case 'unchanged':
      return decision.because;
    case 'rejected':
      return decision.rejection.code;
  }
}
