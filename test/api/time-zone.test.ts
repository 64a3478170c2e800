/** A day of a request is a day of UTC, whatever the zone of the process. By itself: only a process of its own can change its zone. */
import { afterEach, expect, test } from 'vitest';
import { momentField } from '../../services/api/fields.ts';

const zone = process.env.TZ;
afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

test.each(['America/New_York', 'Asia/Tokyo'])('a moment is the same for a process in %s', (other) => {
  process.env.TZ = other;
  expect(new Date('2026-03-03T00:00').toISOString()).not.toContain('T00:00');
  expect(momentField.parse('2026-03-03')).toEqual(new Date('2026-03-03T23:59:59.999Z'));
  expect(momentField.parse('2026-03-03T12:00:00Z')).toEqual(new Date('2026-03-03T12:00:00Z'));
});
