/** Which keys a backup may have been made with: one of now, or of the same installation before its secrets were rotated. */
import { expect, test } from 'vitest';
import { refusalsOf } from '../../services/cli/restore/refusals.ts';
import type { Source } from '../../services/cli/restore/source.ts';

const known = [{ number: 1, name: '001_first.sql' }];
const refused = (made: readonly string[], now: readonly string[], otherKeys = false) =>
  refusalsOf({ name: 'db', facts: { schema: known[0], keys: made } as unknown as Source['facts'] }, known, now, {
    olderSchema: false,
    otherKeys,
  });

test.each<[string, readonly string[], readonly string[]]>([
  ['the same', ['jwt_a'], ['jwt_a']],
  ['the one before', ['jwt_a'], ['jwt_b', 'jwt_a']],
  ['of two rotations ago, by the ledger’s', ['jwt_a', 'ledger_1'], ['jwt_c', 'jwt_b', 'ledger_1']],
  ['the ledger’s key before a newer one', ['jwt_a', 'ledger_1'], ['jwt_c', 'ledger_2', 'ledger_1']],
  ['nobody said', [], ['jwt_a']],
])('restored: %s', (_, made, now) => expect(refused(made, now)).toEqual([]));

test.each<[string, readonly string[], readonly string[]]>([
  ['another installation', ['jwt_x', 'ledger_9'], ['jwt_a', 'ledger_1']],
  ['keys that were put back to older ones', ['k9', 'k1'], ['k1']],
  ['two rotations, and no key of the ledger', ['jwt_a'], ['jwt_c', 'jwt_b', 'ledger_1']],
])('refused, and restored only when it is allowed: %s', (_, made, now) => {
  const [told, ...others] = refused(made, now);
  expect([others, refused(made, now, true)]).toEqual([[], []]);
  expect(told).toContain(`db was made with the key ${made[0]}, and this installation has ${now.join(', ')}: `);
});
