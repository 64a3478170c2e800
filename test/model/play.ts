/** Plays a history on the real thing and on the model, and compares all there is to see after every step. */
import { expect } from 'vitest';
import { type Answer as RealAnswer, tokenOf, user as userId } from '../support/api.ts';
import { behave, wrongCode } from '../support/mailbox.ts';
import { compareLog, compareMails, compareTables, type Digests } from './look.ts';
import { Names } from './names.ts';
import { type Answer, canonical, type Code, newWorld, type World } from './oracle/facts.ts';
import { ask, expire, forgetKeys, guess } from './oracle/codes.ts';
import { importCode, importLink } from './oracle/import.ts';
import * as people from './oracle/people.ts';
import type { Real } from './real.ts';
import { differenceIn } from './difference.ts';
import { countsOf, type Step, USERS, written } from './steps.ts';

const admin = userId(900);
const V = '/api/email-verification';
const A = '/api/admin/email-management';

const spellingsOf = (tag: string): readonly (readonly string[])[] => [
  [`anna.${tag}@example.com`, ` Anna.${tag.toUpperCase()}@Example.COM `, `ANNA.${tag}@example.com`],
  [`bo.${tag}@xn--bcher-kva.example`, `Bo.${tag}@Bücher.example`, `BO.${tag}@BÜCHER.EXAMPLE`],
  [`c_d+x.${tag}@example.test`, `C_D+X.${tag}@example.test`, `c_d+x.${tag}@EXAMPLE.test`],
];

/** What was reached, over all histories. */
export type Reached = { types: Set<string>; errors: Set<string> };

export class Play {
  private readonly world: World;
  private readonly names = new Names();
  private readonly digests: Digests = new Map();
  private digits = new Map<string, string>();
  private readonly texts = new Map<number, string>();
  private readonly users: readonly string[];
  private readonly spellings: readonly (readonly string[])[];
  private readonly tokens = new Map<string, string>();
  private told = 60;
  private reports = 0;
  private reported: people.Report[] = [];

  private readonly real: Real;
  private readonly tag: string;
  private readonly reached: Reached;
  private readonly start: number;

  constructor(real: Real, number: number, start: number, reached: Reached) {
    this.real = real;
    this.tag = `h${number}`;
    this.reached = reached;
    this.start = start;
    this.world = newWorld(start);
    this.users = Array.from({ length: USERS }, (_, n) => userId(1000 + number * USERS + n));
    this.spellings = spellingsOf(this.tag);
  }

  /** Where its clock stands. */
  get now(): number {
    return this.world.now;
  }

  async run(history: readonly Step[]): Promise<void> {
    // What the histories before left open ends before this one begins.
    await this.real.db.freezeClock(this.world.now - 3_600_000);
    await this.real.expire();
    await this.real.db.freezeClock(this.world.now);
    await fetch(`${this.real.ses.url}/messages`, { method: 'DELETE' });
    for (const [index, step] of history.entries()) {
      this.world.step++;
      try {
        await this.play(step);
        await this.compare(step);
      } catch (error) {
        throw new Error(`step ${index + 1}, ${JSON.stringify(step)}: ${differenceIn(error)}`, { cause: error });
      }
    }
    for (const address of [...this.world.addresses.values(), ...this.world.ghosts])
      for (const { type } of address.facts) this.reached.types.add(type);
  }

  private async compare(step: Step): Promise<void> {
    if (step.do === 'send' || step.do === 'press') this.digits = await compareMails(this.real, this.world, this.names);
    await compareLog(this.real, this.world, this.names, this.start);
    await compareTables(this.real, this.world, this.names, this.tag, this.digests, (name) => this.digits.get(name));
  }

  private async play(step: Step): Promise<void> {
    const { world, real } = this;
    switch (step.do) {
      case 'wait':
        return this.wait(step.seconds);
      case 'wait as told':
        return this.wait(Math.max(1, this.told + step.more));
      case 'send':
        return this.send(step);
      case 'guess':
        return this.guess(step);
      case 'burn':
        for (let n = 0; n < 3; n++) {
          await this.guess({
            ...step,
            do: 'guess',
            spelling: 0,
            purpose: null,
            which: 'newest',
            n: 0,
            digits: 'wrong',
            form: 'plain',
          });
        }
        return;
      case 'press':
        for (let n = 0; n < step.times; n++) {
          await this.send({
            ...step,
            do: 'send',
            spelling: 0,
            purpose: null,
            way: 'send',
            key: 0,
            locale: null,
            rejected: false,
          });
          await this.wait(this.told);
        }
        return;
      case 'status':
        return this.same(
          await this.get(step.user, `${V}/status/${encodeURIComponent(this.spell(step.to, 1))}`),
          people.status(world, this.name(step.to), this.who(step.user)),
        );
      case 'list':
        return this.list(step.user, step.all);
      case 'toggle': {
        const links = [...world.addresses.values(), ...world.ghosts].flatMap((address) => address.links);
        const id = links[step.n % Math.max(1, links.length)]?.id ?? '<link 0>';
        const emailId = this.names.real(id) ?? 2_000_000_000;
        const body = { emailId: step.n % 2 ? emailId : String(emailId), verified: step.verified };
        return this.same(
          await this.administer('toggle-verification', body),
          people.toggle(world, id, admin, step.verified),
        );
      }
      case 'manual': {
        const user = this.who(step.user);
        const body = {
          userId: step.to === 1 ? user.toUpperCase() : user,
          email: this.spell(step.to, 1),
          purpose: step.purpose,
        };
        const said = { by: admin, user, purpose: step.purpose ?? 'verification', verified: true };
        return this.same(await this.administer('manual-verify', body), people.assert(world, this.name(step.to), said));
      }
      case 'unlock':
      case 'suppress':
      case 'lift':
      case 'erase': {
        const path = { unlock: 'unlock', suppress: 'suppressions', lift: 'suppressions/lift', erase: 'erase' }[step.do];
        const answer = await this.administer(path, { email: this.spell(step.to, step.spelling) });
        const email = this.name(step.to);
        if (step.do === 'suppress') return this.same(answer, people.suppress(world, email, admin, 'admin'));
        return this.same(answer, people[step.do](world, email, admin));
      }
      case 'report':
        return this.report(step);
      case 'expire':
        await real.expire();
        return expire(world);
      case 'forget keys':
        await real.forgetKeys();
        return forgetKeys(world);
      case 'look':
        return this.look();
      case 'import link':
      case 'import code':
        return this.bringOver(step);
    }
  }

  private async wait(seconds: number): Promise<void> {
    this.world.now += seconds * 1000;
    await this.real.db.freezeClock(this.world.now);
  }

  private async send(step: Step & { do: 'send' }): Promise<void> {
    const { purpose, locale } = step;
    const [email, user] = [this.name(step.to), this.who(step.user)];
    const body = { email: this.spell(step.to, step.spelling), purpose, locale };
    const key = step.key === 0 ? undefined : `key-${step.key}-${this.tag}-0123456789`;
    const headers: Record<string, string> = key === undefined ? {} : { 'Idempotency-Key': key };
    if (step.rejected) await behave(this.real.ses.url, { mode: 'reject' });
    const answer = await this.post(user, `${V}/${step.way}-otp`, body, headers);
    await this.real.settled();
    if (step.rejected) await behave(this.real.ses.url, { mode: 'normal' });
    const expected = ask(this.world, {
      user,
      email,
      purpose: purpose ?? 'verification',
      locale: locale === 'de' ? 'de' : 'en',
      key,
      body: JSON.stringify([step.way, email, purpose ?? 'verification', locale === 'de']),
      rejected: step.rejected,
    });
    this.texts.set(this.world.step, answer.text);
    this.same(answer, expected);
  }

  /** All codes so far, in the order that they came to be. */
  private codes(): { code: Code; address: string }[] {
    return [...this.world.addresses.values()].flatMap((address) =>
      address.codes.map((code) => ({ code, address: address.name })),
    );
  }

  private async guess(step: Step & { do: 'guess' }): Promise<void> {
    const [email, user, purpose] = [this.name(step.to), this.who(step.user), step.purpose ?? 'verification'];
    const everywhere = this.codes();
    const own = everywhere
      .filter(({ code, address }) => code.user === user && address === email)
      .map(({ code }) => code);
    const code =
      step.which === 'none'
        ? own.findLast((one) => one.purpose === purpose && !one.imported)
        : step.which === 'newest'
          ? own.at(-1)
          : everywhere[step.n % Math.max(1, everywhere.length)]?.code;
    const digits = this.digits.get(code?.id ?? '') ?? (code?.mailings.length ? undefined : '482913');
    // Never mailed: nobody can know it, or be sure to miss it.
    if (digits === undefined) return;
    const right = step.digits === 'right' && countsOf(step.form) === 6 && step.form !== 'letters';
    const otp = written(step.form, step.digits === 'right' ? digits : wrongCode(digits));
    const id = step.which === 'unknown' || !code ? userId(77) : String(this.names.real(code.id) ?? code.id);
    const otpId = step.which === 'none' ? null : step.which === 'ANY' ? id.toUpperCase() : id;
    const answer = await this.post(user, `${V}/verify-otp`, {
      email: this.spell(step.to, step.spelling),
      otp,
      otpId,
      purpose: step.purpose,
    });
    const meant = step.which === 'none' ? undefined : step.which === 'unknown' ? '' : (code?.id ?? '');
    this.same(answer, guess(this.world, { user, email, purpose, otpId: meant, right, length: countsOf(step.form) }));
  }

  private async list(who: number, all: boolean): Promise<void> {
    const answer = await this.get(who, `${V}/list${all ? '?all=true' : ''}`);
    const { members, ...rest } = people.list(this.world, this.who(who), all);
    const inOrder = (emails: unknown): unknown =>
      (emails as { email: string; purpose: string }[]).toSorted((a, b) =>
        `${a.email} ${a.purpose}` < `${b.email} ${b.purpose}` ? -1 : 1,
      );
    answer.body.emails = inOrder(answer.body.emails);
    this.same(answer, { ...rest, members: { ...members, emails: inOrder(members?.emails) } });
  }

  private async report(step: Step & { do: 'report' }): Promise<void> {
    const { mails } = this.world;
    const mail = mails[step.n % Math.max(1, mails.length)];
    if (!mail) return;
    const earlier = this.reported.findLast((one) => one.mail === mail.id && one.kind === step.kind);
    const id = step.kind === 'delivered' ? `delivered ${mail.id}` : `${this.tag}-${this.reports++}`;
    const said = step.again && earlier ? earlier : { mail: mail.id, kind: step.kind, id };
    this.reported.push(said);
    const about = { mail: { messageId: this.names.real(mail.id), destination: [mail.to] } };
    const feedbackId = said.id;
    const bounce = {
      bounceType: step.kind === 'hard' ? 'Permanent' : 'Transient',
      bounceSubType: 'General',
      feedbackId,
    };
    const told = {
      delivered: { notificationType: 'Delivery', ...about, delivery: {} },
      soft: { notificationType: 'Bounce', ...about, bounce },
      hard: { notificationType: 'Bounce', ...about, bounce },
      complained: {
        notificationType: 'Complaint',
        ...about,
        complaint: { complaintFeedbackType: 'abuse', feedbackId },
      },
    }[step.kind];
    const status = await this.real.report(told);
    // Of a mail whose address was erased since, nothing is known any more: SNS may be told to come again.
    if (this.world.addresses.get(mail.to)?.codes.some(({ id: one }) => one === mail.code)) expect(status).toBe(200);
    people.report(this.world, said);
  }

  private async bringOver(step: Step & { do: 'import link' | 'import code' }): Promise<void> {
    const [email, user, purpose] = [this.name(step.to), this.who(step.user), step.purpose ?? 'verification'];
    const createdAt = Date.parse('2025-03-01T08:00:00.000Z');
    const updatedAt = createdAt + 3_600_000;
    const verifiedAt = step.verified ? createdAt + 60_000 : null;
    const utc = (at: number | null): string | null =>
      at === null ? null : new Date(at).toISOString().replace('Z', '');
    const { owner } = this.real.guide;
    if (step.do === 'import link') {
      await owner`
        insert into user_email_addresses
          (user_id, email_address, is_verified, verified_at, purpose, verification_method, created_at, updated_at)
        values (${user}, ${this.spell(step.to, step.spelling)}, ${step.verified}, ${utc(verifiedAt)}::text::timestamp, ${purpose}, ${step.method},
          ${utc(createdAt)}::text::timestamp, ${utc(updatedAt)}::text::timestamp)
      `;
      importLink(this.world, email, { user, purpose, verifiedAt, method: step.method, createdAt, updatedAt });
    } else {
      const id = userId(1_000_000 + Number(this.tag.slice(1)) * 10 + step.n);
      const expiresAt = createdAt + 600_000;
      await owner`
        insert into email_otp_verifications
          (id, user_id, email, otp, purpose, verified, verified_at, expires_at, attempts, created_at, updated_at)
        values (${id}, ${user}, ${email}, '482913', ${purpose}, ${step.verified}, ${utc(verifiedAt)}::text::timestamp,
          ${utc(expiresAt)}::text::timestamp, 1, ${utc(createdAt)}::text::timestamp, ${utc(updatedAt)}::text::timestamp)
      `;
      importCode(this.world, email, { id, user, purpose, verifiedAt, expiresAt, attempts: 1, createdAt, updatedAt });
    }
    await this.real.bringOver();
  }

  /** The admin's pages show the rows. */
  private async look(): Promise<void> {
    const found = await this.read(`user-emails?limit=200&search=.${this.tag}@`);
    const links = [...this.world.addresses.values()].flatMap((address) =>
      address.links.map((link) => ({ ...people.rowOf(address, link), user_name: null })),
    );
    this.names.same(inOrder(this.names.renamedRows(found.body.emails as object[])), inOrder(links), 'user-emails');
    for (const address of this.world.addresses.values()) {
      if (address.facts.length === 0) continue;
      const { body } = await this.read(`timeline?email=${encodeURIComponent(address.name)}`);
      expect((body.events as { type: string }[]).map(({ type }) => type)).toEqual(
        address.facts.map(({ type }) => type),
      );
    }
  }

  private same(answer: RealAnswer, expected: Answer): void {
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

  private readonly who = (n: number): string => this.users[n] ?? '';
  private readonly spell = (place: number, spelling: number): string => this.spellings[place]?.[spelling] ?? '';
  private readonly name = (place: number): string => canonical(this.spell(place, 1));

  private async token(user: string, role?: string): Promise<string> {
    const token = this.tokens.get(user) ?? (await tokenOf(user, role));
    this.tokens.set(user, token);
    return token;
  }

  private async post(user: string, path: string, body: object, headers = {}): Promise<RealAnswer> {
    return this.real.api.call('POST', path, { token: await this.token(user), body, headers });
  }

  private async get(user: number, path: string): Promise<RealAnswer> {
    return this.real.api.call('GET', path, { token: await this.token(this.who(user)) });
  }

  private async administer(path: string, body: object): Promise<RealAnswer> {
    return this.real.api.call('POST', `${A}/${path}`, { token: await this.token(admin, 'admin'), body });
  }

  private async read(path: string): Promise<RealAnswer> {
    return this.real.api.call('GET', `${A}/${path}`, { token: await this.token(admin, 'admin') });
  }
}

const inOrder = (rows: readonly Record<string, unknown>[]) =>
  rows.toSorted((a, b) => (String(a.id) < String(b.id) ? -1 : 1));
