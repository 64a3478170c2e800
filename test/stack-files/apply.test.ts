/** `./sealpost apply`: what it looks at before it changes anything, in which order it changes, and what it refuses. */
import { expect, test } from 'vitest';
import { lookAtStack as look, sealpostBesideFakeStack as sealpost, takeUp as change } from '../support/fake-stack.ts';

test('it looks first, then writes the secrets, gives the role its password, rolls the apis, and makes scheduler and receiver anew', () => {
  const { code, said, calls } = sealpost(['apply', '--yes']);
  expect([code, calls]).toEqual([0, [...look, ...change]]);
  expect(said).toBe(`Changed: JWT_SECRET.
To be made anew: api, beside what runs, so that no request fails; then scheduler and receiver.
Nothing has been changed yet.
Applied: what runs has the settings and secrets of .env.
`);
});

test('what else would be made anew is named before anything is changed', () => {
  const { said } = sealpost(['apply', '--yes'], { HASH: 'g2' });
  expect(sealpost(['apply', '--yes'], { HASH: 'g2', NEWER: 'caddy:2' }).said).toContain('Also caddy, grafana, whose');
  expect(said).toMatch(/Also grafana, whose settings or images have changed: [^]*Nothing has been changed yet\./);
});

test.each([
  ['', false],
  ['no\n', false],
  ['yes\n', true],
])('asked and answered %j', (answer, goes) => {
  const { code, complained, calls } = sealpost(['apply'], {}, answer);
  expect([code, calls]).toEqual(goes ? [0, [...look, ...change]] : [1, look]);
  if (!goes) expect(complained).toBe('Nothing was changed.\n');
});

/** What fails or is so, what is said, and how many commands were given by then. */
const refusals: readonly [string, Record<string, string>, number][] = [
  ['The stack is not running', { FAILING: 'exec -T api true' }, 1],
  ['Compose does not accept these settings', { FAILING: 'config --images' }, 3],
  ['Version 2.0.0 runs, and this clone has 3.0.0', { RUNS: '2.0.0' }, 3],
  ['These settings are not accepted', { FAILING: '--check' }, 4],
  ['The api does not accept these settings', { FAILING: 'input-type=module' }, 5],
];

test.each(refusals)('%s: it ends there, and nothing is changed', (words, env, asked) => {
  const { code, complained, calls } = sealpost(['apply', '--yes'], env);
  expect([code, calls]).toEqual([1, look.slice(0, asked)]);
  expect(complained).toContain(words);
});

test.each([
  ['-T migrate', 1],
  ['--no-recreate', 3],
  ['force-recreate', 6],
])('where "%s" fails, nothing comes after it', (failing, n) => {
  const { code, said, calls } = sealpost(['apply', '--yes'], { FAILING: failing });
  expect([code, calls.at(-1)]).toEqual([7, change[n]]);
  expect(said).not.toContain('Applied');
});

test('another word is refused', () => {
  const { code, complained, calls } = sealpost(['apply', 'now']);
  expect([code, calls]).toEqual([1, []]);
  expect(complained).toContain('"./sealpost apply --yes", which does not ask');
});
