/** What people do: asking for a code and typing one, on the real thing and on the model. */
import { user as userId } from '../support/api.ts';
import { behave, wrongCode } from '../support/mailbox.ts';
import { type History, V } from './history.ts';
import { ask } from './oracle/asking.ts';
import { guess as guessed } from './oracle/guessing.ts';
import type { Code } from './oracle/facts.ts';
import * as people from './oracle/people.ts';
import type { Step } from './steps.ts';
import { countsOf, written } from './typed.ts';

export async function send(history: History, step: Step & { do: 'send' }): Promise<void> {
  const { purpose, locale } = step;
  const [email, user] = [history.name(step.to), history.who(step.user)];
  const body = { email: history.spell(step.to, step.spelling), purpose, locale };
  const key = step.key === 0 ? undefined : `key-${step.key}-${history.tag}-0123456789`;
  const headers: Record<string, string> = key === undefined ? {} : { 'Idempotency-Key': key };
  if (step.rejected) await behave(history.real.ses.url, { mode: 'reject' });
  const answer = await history.post(user, `${V}/${step.way}-otp`, body, headers);
  await history.real.settled();
  if (step.rejected) await behave(history.real.ses.url, { mode: 'normal' });
  const expected = ask(history.world, {
    user,
    email,
    purpose: purpose ?? 'verification',
    locale: locale === 'de' ? 'de' : 'en',
    key,
    body: JSON.stringify([step.way, email, purpose ?? 'verification', locale === 'de']),
    rejected: step.rejected,
  });
  history.texts.set(history.world.step, answer.text);
  history.same(answer, expected);
}

/** All codes so far, in the order that they came to be. */
function codes(history: History): { code: Code; address: string }[] {
  return [...history.world.addresses.values()].flatMap((address) =>
    address.codes.map((code) => ({ code, address: address.name })),
  );
}

export async function guess(history: History, step: Step & { do: 'guess' }): Promise<void> {
  const [email, user, purpose] = [history.name(step.to), history.who(step.user), step.purpose ?? 'verification'];
  const everywhere = codes(history);
  const own = everywhere.filter(({ code, address }) => code.user === user && address === email).map(({ code }) => code);
  const code =
    step.which === 'none'
      ? own.findLast((one) => one.purpose === purpose && !one.imported)
      : step.which === 'newest'
        ? own.at(-1)
        : everywhere[step.n % Math.max(1, everywhere.length)]?.code;
  const digits = history.digits.get(code?.id ?? '') ?? (code?.mailings.length ? undefined : '482913');
  // Never mailed: nobody can know it, or be sure to miss it.
  if (digits === undefined) return;
  const right = step.digits === 'right' && countsOf(step.form) === 6;
  const otp = written(step.form, step.digits === 'right' ? digits : wrongCode(digits));
  const id = step.which === 'unknown' || !code ? userId(77) : String(history.names.real(code.id) ?? code.id);
  const otpId = step.which === 'none' ? null : step.which === 'ANY' ? id.toUpperCase() : id;
  const answer = await history.post(user, `${V}/verify-otp`, {
    email: history.spell(step.to, step.spelling),
    otp,
    otpId,
    purpose: step.purpose,
  });
  const meant = step.which === 'none' ? undefined : step.which === 'unknown' ? '' : (code?.id ?? '');
  history.same(
    answer,
    guessed(history.world, { user, email, purpose, otpId: meant, right, length: countsOf(step.form) }),
  );
}

export async function list(history: History, who: number, all: boolean): Promise<void> {
  const answer = await history.get(who, `${V}/list${all ? '?all=true' : ''}`);
  const { members, ...rest } = people.list(history.world, history.who(who), all);
  answer.body.emails = inOrder(answer.body.emails);
  history.same(answer, { ...rest, members: { ...members, emails: inOrder(members?.emails) } });
}

const inOrder = (emails: unknown): unknown =>
  (emails as { email: string; purpose: string }[]).toSorted((a, b) =>
    `${a.email} ${a.purpose}` < `${b.email} ${b.purpose}` ? -1 : 1,
  );
