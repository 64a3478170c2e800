/** One history under way: the real thing, the model's world, and what stands for what. */
import { expect } from 'vitest';
import { type Answer as RealAnswer, tokenOf, user as userId } from '../support/api.ts';
import type { Digests } from './look.ts';
import { Names } from './names.ts';
import { type Answer, canonical, newWorld, type World } from './oracle/facts.ts';
import type { Report } from './oracle/reports.ts';
import type { Real } from './real.ts';
import { USERS } from './steps.ts';

export const admin = userId(900);
export const V = '/api/email-verification';
const A = '/api/admin/email-management';

const spellingsOf = (tag: string): readonly (readonly string[])[] => [
  [`anna.${tag}@example.com`, ` Anna.${tag.toUpperCase()}@Example.COM `, `ANNA.${tag}@example.com`],
  [`bo.${tag}@xn--bcher-kva.example`, `Bo.${tag}@Bücher.example`, `BO.${tag}@BÜCHER.EXAMPLE`],
  [`c_d+x.${tag}@example.test`, `C_D+X.${tag}@example.test`, `c_d+x.${tag}@EXAMPLE.test`],
];

/** What was reached, over all histories. */
export type Reached = { types: Set<string>; errors: Set<string> };

export class History {
  readonly world: World;
  readonly names = new Names();
  readonly digests: Digests = new Map();
  digits = new Map<string, string>();
  readonly texts = new Map<number, string>();
  readonly users: readonly string[];
  readonly spellings: readonly (readonly string[])[];
  private readonly tokens = new Map<string, string>();
  told = 60;
  reports = 0;
  reported: Report[] = [];

  readonly real: Real;
  readonly tag: string;
  readonly reached: Reached;
  readonly start: number;

  constructor(real: Real, number: number, start: number, reached: Reached) {
    this.real = real;
    this.tag = `h${number}`;
    this.reached = reached;
    this.start = start;
    this.world = newWorld(start);
    this.users = Array.from({ length: USERS }, (_, n) => userId(1000 + number * USERS + n));
    this.spellings = spellingsOf(this.tag);
  }

  async wait(seconds: number): Promise<void> {
    this.world.now += seconds * 1000;
    await this.real.db.freezeClock(this.world.now);
  }

  /** Holds an answer against the model's. */
  same(answer: RealAnswer, expected: Answer): void {
    const { status, error, wait, members = {}, sameAs } = expected;
    const { body } = answer;
    const retry = answer.headers.get('Retry-After');
    expect({ status: answer.status, error: body.error, wait: retry }, answer.text).toEqual({
      status,
      error,
      wait: wait === undefined ? null : String(wait),
    });
    if (wait !== undefined) this.told = wait;
    else if (typeof members.resendAfter === 'number') this.told = members.resendAfter;
    if (error !== undefined) this.reached.errors.add(error);
    expect(body.success).toBe(status === 200);
    if (sameAs !== undefined) expect(answer.text).toBe(this.texts.get(sameAs));
    expect('attemptsRemaining' in body).toBe('attemptsRemaining' in members);
    const part = Object.fromEntries(Object.keys(members).map((key) => [key, body[key]]));
    if (typeof part.email === 'object') delete (part.email as Record<string, unknown>).user_name;
    this.names.same(part, members, answer.text);
    if (status === 200 && members.otpId !== undefined)
      expect(Object.keys(body).toSorted()).toEqual([...Object.keys(members), 'message', 'success'].toSorted());
  }

  readonly who = (n: number): string => this.users[n] ?? '';
  readonly spell = (place: number, spelling: number): string => this.spellings[place]?.[spelling] ?? '';
  readonly name = (place: number): string => canonical(this.spell(place, 1));

  private async token(user: string, role?: string): Promise<string> {
    const token = this.tokens.get(user) ?? (await tokenOf(user, role));
    this.tokens.set(user, token);
    return token;
  }

  async post(user: string, path: string, body: object, headers = {}): Promise<RealAnswer> {
    return this.real.api.call('POST', path, { token: await this.token(user), body, headers });
  }

  async get(user: number, path: string): Promise<RealAnswer> {
    return this.real.api.call('GET', path, { token: await this.token(this.who(user)) });
  }

  async administer(path: string, body: object): Promise<RealAnswer> {
    return this.real.api.call('POST', `${A}/${path}`, { token: await this.token(admin, 'admin'), body });
  }

  async read(path: string): Promise<RealAnswer> {
    return this.real.api.call('GET', `${A}/${path}`, { token: await this.token(admin, 'admin') });
  }
}
