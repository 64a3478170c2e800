/** Histories that are always played: each goes where chance seldom comes. */
import type { Step } from './steps.ts';

const times = (n: number, ...steps: readonly Step[]): readonly Step[] => Array.from({ length: n }, () => steps).flat();
const press = (more: number, user = 0, to = 0): Step => ({ do: 'press', user, to, times: more });
const burn: Step = { do: 'burn', user: 0, to: 0 };
const told: Step = { do: 'wait as told', more: 0 };
const early: Step = { do: 'wait as told', more: -1 };
const wait = (seconds: number): Step => ({ do: 'wait', seconds });
const at = { to: 0, spelling: 0 };
const guess = (digits: 'right' | 'wrong', more: Partial<Extract<Step, { do: 'guess' }>> = {}): Step => ({
  ...{ do: 'guess', user: 0, ...at, purpose: null, which: 'newest', n: 0, digits, form: 'plain' },
  ...more,
});
const send = (more: Partial<Extract<Step, { do: 'send' }>> = {}): Step => ({
  ...{ do: 'send', user: 0, ...at, purpose: null, way: 'send', key: 0, locale: null, rejected: false },
  ...more,
});
const report = (kind: 'delivered' | 'soft' | 'hard' | 'complained', again = false): Step => ({
  do: 'report',
  n: 99,
  kind,
  again,
});

const old = (verified: boolean): Step => ({
  ...{ do: 'import link', user: 0, ...at, purpose: null, method: 'signup' },
  verified,
});

export const examples: readonly (readonly Step[])[] = [
  // As many mails as an hour and a day allow, and one user's hour.
  [...times(5, press(6)), early, press(1), told, press(1)],
  [press(5), press(5, 0, 1), press(1, 0, 2), early, press(1, 0, 2), press(2, 0, 2), press(1, 1, 2)],
  // Twenty wrong guesses, with every pause kept to the second; then only an admin helps.
  [
    ...times(4, press(1), burn, early, guess('right'), told),
    ...times(14, press(1), guess('wrong'), early, guess('right'), wait(1), guess('wrong')),
    send(),
    wait(86_400),
    send(),
    { do: 'unlock', ...at },
    send(),
    guess('right'),
  ],
  // A code's last moments, and the minute of its repeat.
  [
    send(),
    wait(299),
    send(),
    wait(1),
    send({ user: 1 }),
    wait(299),
    guess('wrong'),
    wait(1),
    guess('right'),
    { do: 'expire' },
  ],
  [
    ...[send(), wait(301), send(), wait(300), send(), guess('right', { which: 'any', n: 0 })],
    ...[
      guess('right', { form: 'long' }),
      guess('right', { which: 'unknown' }),
      guess('right', { form: 'arabic' }),
      wait(59),
    ],
    // The code was verified some milliseconds after the clock's second.
    ...[guess('right'), wait(1), guess('right', { which: 'none' }), wait(1), guess('right', { which: 'none' })],
  ],
  [
    send({ key: 1 }),
    wait(60),
    send({ key: 1 }),
    wait(86_400),
    send({ key: 1 }),
    { do: 'forget keys' },
    send({ key: 1 }),
  ],
  // Bounces for now, a third of which within seven days closes the address.
  [
    send(),
    ...times(2, report('soft'), wait(86_400)),
    report('soft', true),
    send(),
    wait(432_000),
    report('soft'),
    send(),
  ],
  [
    ...[send(), ...times(3, report('soft')), wait(60), send(), { do: 'lift', ...at } as const],
    ...[...times(2, report('soft')), send(), report('soft'), wait(60), send()],
  ],
  // A life with the guide's rows, an admin and an end.
  [
    ...[old(true), send(), { do: 'toggle', n: 0, verified: false } as const, send(), report('complained')],
    ...[report('delivered'), wait(60), send(), { do: 'lift', ...at } as const, send(), old(false), old(true)],
    ...[
      { do: 'manual', user: 1, to: 0, purpose: 'business' } as const,
      { do: 'list', user: 1, ...at, all: true } as const,
    ],
    ...[{ do: 'suppress', ...at } as const, send({ user: 2 }), { do: 'toggle', n: 3, verified: true } as const],
    ...[{ do: 'look' } as const, { do: 'erase', ...at } as const, { do: 'toggle', n: 0, verified: true } as const],
    ...[report('hard'), send({ rejected: true }), { do: 'status', user: 0, ...at, all: false } as const],
    ...[{ do: 'import code', user: 0, to: 0, n: 0, purpose: null, verified: true } as const, wait(600)],
    ...[send({ key: 1, locale: 'de' }), wait(60), send({ key: 1, locale: 'de' }), send({ key: 1 }), guess('right')],
  ],
];
