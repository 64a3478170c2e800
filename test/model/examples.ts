/** Histories that are always played: each goes where chance seldom comes. */
import type { Step } from './steps.ts';

type Of<Name extends Step['do']> = Extract<Step, { do: Name }>;

const at = { to: 0, spelling: 0 };
const anyone = { user: 0, ...at, purpose: null };
const send = (more: Partial<Of<'send'>> = {}): Step => ({
  do: 'send',
  ...anyone,
  way: 'send',
  key: 0,
  locale: null,
  rejected: false,
  ...more,
});
const guess = (digits: 'right' | 'wrong', more: Partial<Of<'guess'>> = {}): Step => ({
  do: 'guess',
  ...anyone,
  which: 'newest',
  n: 0,
  digits,
  form: 'plain',
  ...more,
});
const press = (times: number, user = 0, to = 0): Step => ({ do: 'press', user, to, times });
const burn: Step = { do: 'burn', user: 0, to: 0 };
const told: Step = { do: 'wait as told', more: 0 };
const early: Step = { do: 'wait as told', more: -1 };
const wait = (seconds: number): Step => ({ do: 'wait', seconds });
const report = (kind: Of<'report'>['kind'], again = false): Step => ({ do: 'report', n: 99, kind, again });
const old = (verified: boolean): Step => ({ do: 'import link', ...anyone, verified, method: 'signup' });
const toggle = (n: number, verified: boolean): Step => ({ do: 'toggle', n, verified });
const by = (admin: 'unlock' | 'suppress' | 'lift' | 'erase'): Step => ({ do: admin, ...at });
const status: Step = { do: 'status', user: 0, ...at, all: false };
const look: Step = { do: 'look' };
const repeated = (n: number, ...steps: readonly Step[]): readonly Step[] =>
  Array.from({ length: n }, () => steps).flat();

export const examples: readonly (readonly Step[])[] = [
  // As many mails as an hour and a day allow, and one user's hour.
  [repeated(5, press(3), press(3, 1), press(2, 2)), [early, press(1), told, press(1)]].flat(),
  [
    [send({ to: 1 }), wait(3600), press(3), early, press(1), told, press(1), press(2, 1), press(2, 2), press(1, 0)],
    [press(1, 1, 2)],
  ].flat(),
  [press(2), press(2, 0, 1), press(1, 0, 2), early, press(1, 0, 2), press(1, 0, 2), press(1, 1, 2)],
  // Ten wrong guesses of one user, with every pause kept to the second; twenty of all; one of whoever had none; an admin helps.
  [
    repeated(2, press(1), burn, early, guess('right'), told, wait(1800)),
    repeated(6, press(1), guess('wrong'), early, guess('right'), told, guess('wrong'), wait(1800)),
    repeated(2, press(1, 1), guess('wrong', { user: 1 }), guess('wrong', { user: 1 }), wait(1800)),
    [press(1, 2), guess('right', { user: 2 }), send(), wait(50_000), by('unlock'), send(), guess('right')],
  ].flat(),
  [
    [
      press(1),
      burn,
      press(1),
      guess('wrong'),
      wait(1),
      guess('wrong'),
      wait(29),
      guess('right'),
      wait(1),
      guess('right'),
    ],
  ].flat(),
  // A code's last moments, its half life, and the minute of its repeat.
  [
    [send(), wait(299), send(), wait(1), send({ user: 1 }), wait(299), guess('wrong')],
    [
      wait(1),
      guess('right'),
      { do: 'expire' } as const,
      send({ purpose: 'business' }),
      guess('right', { which: 'none' }),
    ],
  ].flat(),
  [
    [
      send(),
      wait(301),
      send(),
      wait(300),
      send(),
      guess('right', { which: 'any', n: 0 }),
      guess('right', { form: 'long' }),
    ],
    [guess('right', { which: 'unknown' }), guess('right', { form: 'arabic' }), wait(59), guess('right'), wait(1)],
    // The code was verified some milliseconds after the clock's second.
    [guess('right', { which: 'none' }), wait(1), guess('right', { which: 'none' })],
  ].flat(),
  // An Idempotency-Key's day.
  [
    [send({ key: 1 }), wait(60), send({ key: 1 }), wait(86_340), { do: 'forget keys' } as const, send({ key: 1 })],
    [wait(1), { do: 'forget keys' } as const, send({ key: 1 }), send({ key: 1, way: 'resend' })],
  ].flat(),
  // Bounces for now, a third of which within seven days closes the address.
  [
    [
      send(),
      wait(1),
      repeated(2, report('soft'), wait(86_400)),
      report('soft', true),
      send(),
      wait(432_000),
      report('soft'),
      send(),
    ],
    [report('soft'), wait(60), send()],
  ].flat(2),
  [
    [send(), repeated(3, report('soft')), wait(60), send(), by('lift'), repeated(2, report('soft')), send()],
    [report('soft'), wait(60), send()],
  ].flat(2),
  // Reports in any order; a success that gives a new budget; a code that nobody closed for a day.
  [
    [send(), report('soft'), report('delivered'), status, report('complained'), report('soft'), status, by('lift')],
    [guess('wrong'), guess('right'), wait(60), send({ user: 1 }), guess('wrong', { user: 1 }), status],
  ].flat(),
  [
    [send({ purpose: 'business' }), wait(60), send(), wait(86_401), send(), { do: 'expire' } as const],
    [guess('right', { which: 'any', n: 0 }), guess('right', { which: 'any', n: 1 }), guess('right')],
  ].flat(),
  // What one code proves, it proves of one user and one purpose.
  [
    [send({ user: 1 }), wait(60), send({ purpose: 'business' }), wait(60), send(), guess('right')],
    [status, { do: 'list', user: 0, ...at, all: true } as const, look, wait(60), guess('right', { user: 1 })],
    [wait(1), guess('right', { which: 'any', n: 1 }), status],
  ].flat(),
  [send(), old(true), look, guess('right'), { ...old(true), do: 'import code', n: 0 } as Step],
  // A life with the guide's rows, an admin and an end.
  [
    [
      old(true),
      send(),
      toggle(0, false),
      send(),
      report('complained'),
      by('suppress'),
      report('delivered'),
      wait(60),
      send(),
      by('lift'),
    ],
    [send(), old(false), old(true), { do: 'manual', user: 1, to: 0, purpose: 'business' } as const],
    [{ do: 'list', user: 1, ...at, all: true } as const, by('suppress'), send({ user: 2 }), toggle(3, true), look],
    [by('erase'), toggle(0, true), report('hard'), send({ rejected: true }), by('lift'), send()],
    [
      { do: 'status', user: 0, ...at, all: false } as const,
      { ...old(true), do: 'import code', n: 0 } as Step,
      wait(600),
    ],
    [send({ key: 1, locale: 'de' }), wait(60), send({ key: 1, locale: 'de' }), send({ key: 1 }), guess('right')],
  ].flat(),
];
