/** Whether a mail may go out: the one answer for every state of its three sources. */
import { expect, test } from 'vitest';
import { createCapacity } from '../../services/mail/capacity.ts';

test.each([
  [true, true, false, 'open'],
  [true, true, true, 'full'],
  [true, false, false, 'unavailable'],
  [true, false, true, 'unavailable'],
  [false, true, false, 'paused'],
  [false, true, true, 'paused'],
  [false, false, false, 'paused'],
  [false, false, true, 'paused'],
])('may mail %j, available %j, full %j: %s', (mayMail, isAvailable, isFull, capacity) => {
  expect(createCapacity({ mayMail: () => mayMail, isAvailable: () => isAvailable, isFull: () => isFull })()).toBe(
    capacity,
  );
});
