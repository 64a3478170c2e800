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
  ['not looked at yet', 'available', 'empty', undefined, everyone],
  ['well', 'available', 'empty', well, everyone],
  ['well', 'available', 'full', well, nobody],
  ['well', 'away', 'empty', well, nobody],
  ['well', 'away', 'full', well, nobody],
  ['held back', 'available', 'empty', braked, proven],
  ['held back', 'available', 'full', braked, nobody],
  ['held back', 'away', 'empty', braked, nobody],
  ['held back for the user', 'available', 'empty', one, notForUser],
  ['held back for the user and all', 'available', 'empty', { ...one, everybody: held }, notForUser],
  ['held back until now', 'available', 'empty', { ...braked, everybody: { ...held, until: NOW } }, everyone],
  [
    'held back for the user until now',
    'available',
    'empty',
    { ...well, users: new Map([['u-1', { ...held, until: NOW }]]) },
    everyone,
  ],
  ['held back for another', 'available', 'empty', { ...well, users: new Map([['u-2', held]]) }, everyone],
] as const)('the reputation %s, the mail service %s, the outbox %s', (_, service, outbox, standing, expected) => {
  const sources = {
    standing: () => standing,
    isAvailable: () => service === 'available',
    isFull: () => outbox === 'full',
    now: () => NOW,
  };
  expect(createCapacity(sources)('u-1')).toEqual(expected);
});
