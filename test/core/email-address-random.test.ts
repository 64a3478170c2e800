/** The address parser on all single characters and on random texts: nothing passes that is not canonical and one recipient. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseEmailAddress } from '../../services/core/email-address.ts';

const canonical = (input: string): string | undefined => {
  const parsed = parseEmailAddress(input);
  return parsed.ok ? parsed.address : undefined;
};

describe('an address', () => {
  test('of all single characters none makes another character or a second recipient of itself', () => {
    for (let point = 0; point <= 0xffff; point++) {
      const parsed = parseEmailAddress(`x${String.fromCharCode(point)}y@example.com`);
      if (parsed.ok) expect(parsed.address).toBe(`x${String.fromCharCode(point).toLowerCase()}y@example.com`);
    }
  });

  test('whatever passes is canonical, one recipient, and passes again unchanged', () => {
    const part = fc.string({ unit: 'binary', maxLength: 20 });
    const likely = fc.tuple(fc.stringMatching(/^[a-zA-Z0-9.+_-]{1,12}$/), fc.domain()).map(([l, d]) => `${l}@${d}`);
    fc.assert(
      fc.property(
        fc.oneof(
          likely,
          fc.tuple(part, part).map(([l, d]) => `${l}@${d}`),
          fc.emailAddress(),
        ),
        (input) => {
          const address = canonical(input);
          if (address === undefined) return;
          expect(address).toMatch(/^[\x21-\x7e]{3,254}$/);
          expect(address).not.toMatch(/[,;<>()"\s]/);
          expect(address.split('@')).toHaveLength(2);
          expect(canonical(address)).toBe(address);
        },
      ),
      { seed: 20261122, numRuns: 20_000 },
    );
  });
});
