/** Whom a mail may go out to: the one answer for every state of its three sources. */
import { expect, test } from 'vitest';
import { createCapacity } from '../../services/mail/capacity.ts';
import type { Standing } from '../../services/mail/reputation.ts';

const NOW = 1_000_000;
const held = { kind: 'bounced', until: NOW + 90_500 } as const;
const well: Standing = { now: NOW, sent: 0, bounceRatio: 0, complaintRatio: 0, everybody: undefined, users: new Map() };
const braked: Standing = { ...well, everybody: held };
const one: Standing = { ...well, users: new Map([['u-1', { kind: 'complained', until: NOW + 1 }]]) };

const everyone = { to: 'everyone' };
const nobody = { to: 'nobody', code: 'mail_unavailable', retryAfterSeconds: 10 };
const proven = { to: 'proven', code: 'sending_paused', retryAfterSeconds: 91 };
const notForUser = { to: 'nobody', code: 'user_paused', retryAfterSeconds: 1 };

test.each([
  ['not looked at yet', undefined, true, false, everyone],
  ['well', well, true, false, everyone],
  ['well', well, true, true, nobody],
  ['well', well, false, false, nobody],
  ['well', well, false, true, nobody],
  ['held back', braked, true, false, proven],
  ['held back', braked, true, true, nobody],
  ['held back', braked, false, false, nobody],
  ['held back for the user', one, true, false, notForUser],
  ['held back for the user and all', { ...one, everybody: held }, true, false, notForUser],
  ['held back until now', { ...braked, everybody: { ...held, until: NOW } }, true, false, everyone],
  [
    'held back for the user until now',
    { ...well, users: new Map([['u-1', { ...held, until: NOW }]]) },
    true,
    false,
    everyone,
  ],
  ['held back for another', { ...well, users: new Map([['u-2', held]]) }, true, false, everyone],
] as const)('the reputation %s, available %3$j, full %4$j', (_, standing, isAvailable, isFull, expected) => {
  const sources = { standing: () => standing, isAvailable: () => isAvailable, isFull: () => isFull, now: () => NOW };
  expect(createCapacity(sources)('u-1')).toEqual(expected);
});
