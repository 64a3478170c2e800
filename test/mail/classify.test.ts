/** What SES answers, told apart as the sender acts on it. */
import { expect, test } from 'vitest';
import { classify } from '../../services/mail/ses.ts';

test.each([
  ['a rate', { name: 'Throttling', message: 'Maximum sending rate exceeded.', status: 400 }, { kind: 'throttled' }],
  [
    'a quota',
    { name: 'Throttling', message: 'Daily message quota exceeded.', status: 400 },
    { kind: 'unavailable', reason: 'quota' },
  ],
  [
    "the owner's pause",
    { name: 'AccountSendingPausedException', message: '', status: 400 },
    { kind: 'unavailable', reason: 'paused' },
  ],
  [
    "AWS's pause",
    { name: 'MessageRejected', message: 'Sending paused for this account. …', status: 400 },
    { kind: 'unavailable', reason: 'paused' },
  ],
  [
    'bad credentials',
    { name: 'SignatureDoesNotMatch', message: '', status: 403 },
    { kind: 'unavailable', reason: 'credentials' },
  ],
  [
    'a refused message',
    { name: 'MessageRejected', message: 'Address is not verified.', status: 400 },
    { kind: 'rejected' },
  ],
  ['a 503 without XML', { name: 'Error', message: 'XML parse error', status: 503 }, { kind: 'throttled' }],
  ['a 500', { name: 'InternalFailure', message: '', status: 500 }, { kind: 'unsure' }],
  ['no answer', { name: 'TimeoutError', message: '', status: undefined }, { kind: 'unsure' }],
])('SES answers with %s: told apart by its status first', (_what, { name, message, status }, expected) => {
  expect(classify(Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } }))).toEqual(
    expected,
  );
});

test.each([
  ['refused', Object.assign(new Error('refused'), { code: 'ECONNREFUSED', syscall: 'connect' })],
  [
    'refused at each of its addresses',
    new AggregateError([0, 1].map(() => Object.assign(new Error(''), { code: 'ECONNREFUSED', syscall: 'connect' }))),
  ],
  ['no such name', Object.assign(new Error(''), { code: 'ENOTFOUND', syscall: 'getaddrinfo' })],
  ['a certificate that nobody vouches for', Object.assign(new Error(''), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })],
])('a connection that never came about (%s) cannot have taken the mail', (_what, error) => {
  expect(classify(error)).toEqual({ kind: 'unreached' });
});

test.each([
  ['a reset', Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })],
  ['silence', Object.assign(new Error(''), { name: 'TimeoutError', code: 'ETIMEDOUT' })],
  [
    'an error at one address of two and a reset at the other',
    new AggregateError([
      Object.assign(new Error(''), { code: 'ECONNREFUSED' }),
      Object.assign(new Error(''), { code: 'ECONNRESET' }),
    ]),
  ],
])('an answer that was lost (%s) leaves it open', (_what, error) => {
  expect(classify(error)).toEqual({ kind: 'unsure' });
});
