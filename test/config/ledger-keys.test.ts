/** The keys of the erasure ledger: its own first, those of the codes behind them, each under one id; and the form that they are set in. */
import { expect, test } from 'vitest';
import { inLedgerForm, keyIdsOf, keySettings, ledgerKeysOf } from '../../services/config/keys.ts';
import { readSettings } from '../../services/runtime/settings.ts';

const [x32, y32] = ['x'.repeat(32), 'y'.repeat(32)];
const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
const settingsOf = (environment: Record<string, string>) =>
  readSettings(keySettings, { JWT_SECRET: 'j'.repeat(32), ...environment });
const shown = (environment: Record<string, string>) =>
  ledgerKeysOf(settingsOf(environment)).map(({ id, secret: key }) => [id, key.export().toString('utf8')]);

test('are those of the codes where it has none of its own', () => {
  expect(shown({ OTP_KEYS: `k2:${x32},k1:${y32}` })).toEqual([
    ['k2', x32],
    ['k1', y32],
  ]);
});

test('are its own, decoded, and behind them those of the codes that are not among them', () => {
  const ERASURE_KEYS = `own:${base64(y32)}, k1:${base64(x32)}, old:${Buffer.from(x32).toString('base64url')}`;
  expect(shown({ OTP_KEYS: `k2:${y32},k1:${x32}`, ERASURE_KEYS })).toEqual([
    ['own', y32],
    ['k1', x32],
    ['old', x32],
    ['k2', y32],
  ]);
});

test('are printed in the form that they are set in', () => {
  const ERASURE_KEYS = `own:${base64(y32)},k1:${base64(x32)}`;
  expect(inLedgerForm(ledgerKeysOf(settingsOf({ OTP_KEYS: `k1:${x32}`, ERASURE_KEYS })))).toBe(ERASURE_KEYS);
});

test('name an installation by all that there are, those of the codes first, each once', () => {
  const ERASURE_KEYS = `own:${base64(y32)},k1:${base64(x32)}`;
  expect(keyIdsOf(settingsOf({ OTP_KEYS: `k2:${y32},k1:${x32}`, ERASURE_KEYS }))).toEqual(['k2', 'k1', 'own']);
});
