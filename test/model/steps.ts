/** Histories: what people, admins, SES and time do, as plain records that shrink and read well. */
import fc from 'fast-check';
import { type Form, forms } from './typed.ts';

export type Step = Readonly<
  | {
      do: 'send';
      user: number;
      to: number;
      spelling: number;
      purpose: string | null;
      way: 'send' | 'resend';
      key: number;
      locale: string | null;
      rejected: boolean;
    }
  | {
      do: 'guess';
      user: number;
      to: number;
      spelling: number;
      purpose: string | null;
      which: 'none' | 'newest' | 'any' | 'ANY' | 'unknown';
      n: number;
      digits: 'right' | 'wrong';
      form: Form;
    }
  /** Three wrong guesses. */
  | { do: 'burn'; user: number; to: number }
  /** Asks, and waits as told, so many times. */
  | { do: 'press'; user: number; to: number; times: number }
  | { do: 'wait'; seconds: number }
  | { do: 'wait as told'; more: number }
  | { do: 'status' | 'list'; user: number; to: number; all: boolean }
  | { do: 'toggle'; n: number; verified: boolean }
  | { do: 'manual'; user: number; to: number; purpose: string | null }
  | { do: 'unlock' | 'suppress' | 'lift' | 'erase'; to: number; spelling: number }
  | { do: 'report'; n: number; kind: 'delivered' | 'soft' | 'hard' | 'complained'; again: boolean }
  | { do: 'expire' | 'forget keys' | 'look' }
  | {
      do: 'import link';
      user: number;
      to: number;
      spelling: number;
      purpose: string | null;
      verified: boolean;
      method: string;
    }
  | { do: 'import code'; user: number; to: number; n: number; purpose: string | null; verified: boolean }
>;

export const USERS = 3;
export const PLACES = 3;

const user = fc.integer({ min: 0, max: USERS - 1 });
const to = fc.integer({ min: 0, max: PLACES - 1 });
const spelling = fc.integer({ min: 0, max: 2 });
const n = fc.integer({ min: 0, max: 99 });
const purpose = fc.constantFrom<string | null>(null, 'business');
const rarely = (weight: number) => fc.integer({ min: 1, max: weight }).map((one) => one === weight);
const boundaries = [
  1, 29, 30, 31, 59, 60, 61, 60, 61, 60, 120, 239, 240, 299, 300, 301, 599, 600, 601, 720, 3539, 3540, 3599, 3600, 3600,
  3601, 3661, 86_399, 86_400, 86_401, 604_799, 604_800,
];
const seconds = fc.constantFrom(...boundaries);

const one = <Name extends Step['do'], Rest extends object>(
  name: Name,
  rest: { [K in keyof Rest]: fc.Arbitrary<Rest[K]> },
) => fc.record({ do: fc.constant(name), ...rest } as never) as fc.Arbitrary<never>;

const send = one('send', {
  user,
  to,
  spelling,
  purpose,
  way: fc.constantFrom('send', 'resend'),
  key: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 2 }) }),
  locale: fc.oneof(
    { weight: 6, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constantFrom('de', 'x', '???', 'en_') },
  ),
  rejected: rarely(8),
});
const guess = one('guess', {
  user,
  to,
  spelling,
  purpose,
  which: fc.constantFrom('none', 'none', 'newest', 'newest', 'newest', 'any', 'ANY', 'unknown'),
  n,
  digits: fc.constantFrom('right', 'wrong', 'wrong', 'wrong'),
  form: fc.oneof({ weight: 6, arbitrary: fc.constant('plain') }, { weight: 2, arbitrary: fc.constantFrom(...forms) }),
});

const any: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: send },
  { weight: 14, arbitrary: guess },
  { weight: 3, arbitrary: one('burn', { user, to }) },
  { weight: 10, arbitrary: one('wait', { seconds }) },
  { weight: 6, arbitrary: one('wait as told', { more: fc.constantFrom(0, 0, -1) }) },
  { weight: 2, arbitrary: one('status', { user, to, all: fc.constant(false) }) },
  { weight: 2, arbitrary: one('list', { user, to, all: fc.boolean() }) },
  { weight: 2, arbitrary: one('toggle', { n, verified: fc.boolean() }) },
  { weight: 1, arbitrary: one('manual', { user, to, purpose }) },
  { weight: 1, arbitrary: one('unlock', { to, spelling }) },
  { weight: 1, arbitrary: one('suppress', { to, spelling }) },
  { weight: 2, arbitrary: one('lift', { to, spelling }) },
  { weight: 1, arbitrary: one('erase', { to, spelling }) },
  {
    weight: 4,
    arbitrary: one('report', {
      n,
      kind: fc.constantFrom('delivered', 'soft', 'soft', 'hard', 'complained'),
      again: rarely(3),
    }),
  },
  { weight: 3, arbitrary: one('expire', {}) },
  { weight: 1, arbitrary: one('forget keys', {}) },
  { weight: 1, arbitrary: one('look', {}) },
  {
    weight: 1,
    arbitrary: one('import link', {
      user,
      to,
      spelling,
      purpose,
      verified: fc.boolean(),
      method: fc.constantFrom('otp', 'signup', 'admin'),
    }),
  },
  {
    weight: 1,
    arbitrary: one('import code', { user, to, n: fc.integer({ min: 0, max: 2 }), purpose, verified: fc.boolean() }),
  },
);

/** One person and one address most of the time, so that states are reached. */
const narrow = (history: readonly Step[]): readonly Step[] =>
  history.map((step) => ({
    ...step,
    ...('to' in step ? { to: 0 } : {}),
    ...('user' in step ? { user: step.user === 2 ? 1 : 0 } : {}),
    ...('purpose' in step && step.do !== 'send' ? { purpose: null } : {}),
  }));

const plain = { spelling: fc.constant(0), purpose: fc.constant(null), n: fc.constant(0), form: fc.constant('plain') };
const which = fc.constant('newest');

/** Asking and guessing as much as the limits let through. */
const pressing: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: one('press', { user, to, times: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 5, arbitrary: one('burn', { user, to }) },
  { weight: 4, arbitrary: one('wait as told', { more: fc.constantFrom(0, 0, -1) }) },
  { weight: 2, arbitrary: one('wait', { seconds }) },
  {
    weight: 2,
    arbitrary: one('guess', { user, to, ...plain, which, digits: fc.constantFrom('right', 'wrong', 'wrong') }),
  },
  { weight: 1, arbitrary: send },
  { weight: 1, arbitrary: one('expire', {}) },
);

export const histories: fc.Arbitrary<readonly Step[]> = fc.oneof(
  fc.array(any, { minLength: 1, maxLength: 40, size: 'max' }),
  fc.array(any, { minLength: 1, maxLength: 50, size: 'max' }).map(narrow),
  fc.array(pressing, { minLength: 1, maxLength: 16, size: 'max' }),
  fc.array(pressing, { minLength: 1, maxLength: 30, size: 'max' }).map(narrow),
);

export const readable = (history: readonly Step[]): string =>
  history.map((step, index) => `${index + 1}. ${JSON.stringify(step)}`).join('\n');
