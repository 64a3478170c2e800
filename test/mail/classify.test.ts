/** What SES answers, told apart as the sender acts on it. */
import { expect, test } from 'vitest';
import { classify } from '../../services/mail/ses-refusals.ts';

const TO = 'a@example.com';
const FAILED = 'The following identities failed the check in region EU-WEST-1:';

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
    { name: 'MessageRejected', message: 'Message contains a virus.', status: 400 },
    { kind: 'rejected' },
  ],
  ['a 503 without XML', { name: 'Error', message: 'XML parse error', status: 503 }, { kind: 'throttled' }],
  ['a 500', { name: 'InternalFailure', message: '', status: 500 }, { kind: 'unsure' }],
  ['no answer', { name: 'TimeoutError', message: '', status: undefined }, { kind: 'unsure' }],
])('SES answers with %s: told apart by its status first', (_what, { name, message, status }, expected) => {
  const error = Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });
  expect(classify(error, TO)).toMatchObject(expected);
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
  expect(classify(error, TO)).toEqual({ kind: 'unreached' });
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
  expect(classify(error, TO)).toEqual({ kind: 'unsure' });
});

const answered = (status: number | undefined, name = 'Error', message = '') =>
  classify(Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } }), TO);
const throttled = { kind: 'throttled' };
const unsure = { kind: 'unsure' };
const rejected = { kind: 'rejected' };
const disputed = { kind: 'disputed', refusal: { fault: 'unlisted' } };
const sender = { kind: 'unavailable', reason: 'sender' };
const account = { kind: 'unavailable', reason: 'account' };
const quota = { kind: 'unavailable', reason: 'quota' };
const paused = { kind: 'unavailable', reason: 'paused' };
const credentials = { kind: 'unavailable', reason: 'credentials' };

test.each<[number, string, string, object]>([
  [400, 'Throttling', 'Rate exceeded', throttled],
  [400, 'ThrottlingException', 'Daily message quota exceeded.', quota],
  [400, 'Throttling', 'Maximum DAILY quota', quota],
  [400, 'Throttling', 'Daily sending limit reached.', quota],
  [400, 'TooManyRequestsException', '', throttled],
  [400, 'RequestLimitExceeded', '', throttled],
  [429, 'Whatever', '', throttled],
  [429, 'Whatever', 'Daily message quota exceeded.', quota],
  [400, 'LimitExceededException', 'Daily', quota],
  [400, 'NotThrottling', '', disputed],
  [400, 'NotTooManyRequests', '', disputed],
  [400, 'NotRequestLimitExceeded', '', disputed],
  [400, 'MailFromDomainNotVerifiedException', '', sender],
  [400, 'ConfigurationSetDoesNotExist', '', account],
  [400, 'ConfigurationSetDoesNotExistException', '', account],
  [404, 'NotFound', '', account],
  [413, 'RequestEntityTooLarge', '', rejected],
  [400, 'ConfigurationSetSendingPausedException', '', paused],
  [400, 'AccountSendingPausedException', '', paused],
  [400, 'MessageRejected', 'SENDING PAUSED for this account', paused],
  [400, 'MessageRejected', 'Email address is not verified. Sending was not paused', sender],
  [400, 'MessageRejected', `Email address is not verified. ${FAILED} noreply@example.com`, sender],
  [400, 'MessageRejected', `Email address is not verified. ${FAILED} noreply@example.com, ${TO}`, sender],
  [400, 'MessageRejected', `Email address is not verified. ${FAILED} ${TO}`, rejected],
  [400, 'MessageRejected', 'Email was rejected.', rejected],
  [400, 'InvalidParameterValue', 'Domain contains illegal character', rejected],
  [400, 'InvalidParameterValue', 'Duplicate header', disputed],
  [400, 'ExpiredToken', '', credentials],
  [400, 'RequestExpired', '', credentials],
  [403, 'AccountSendingPausedException', '', paused],
  [401, 'UnrecognizedClientException', '', credentials],
  [401, 'WhateverComesNextException', '', credentials],
  [403, 'AccessDenied', 'User is not authorized to perform: ses:SendRawEmail', credentials],
  [403, 'InvalidClientTokenId', '', credentials],
  [403, 'RequestExpired', '', credentials],
  [402, 'PaymentRequired', '', disputed],
  [500, 'Throttling', 'Daily message quota exceeded.', unsure],
  [502, 'MessageRejected', 'Sending paused', unsure],
  [503, 'Throttling', 'Daily message quota exceeded.', throttled],
  [504, 'Error', '', unsure],
  [599, 'Error', '', unsure],
  [200, 'Error', 'XML parse error', unsure],
  [302, 'Error', '', unsure],
  [399, 'Error', '', unsure],
])('an answer of %d %s (%j) is %j', (status, name, message, expected) => {
  expect(answered(status, name, message)).toMatchObject(expected);
});

test.each([
  [{ code: 'ECONNREFUSED' }, 'unreached'],
  [{ code: 'ENOTFOUND' }, 'unreached'],
  [{ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, 'unreached'],
  [{ code: 'EAI_AGAIN' }, 'unreached'],
  [{ code: 'EHOSTUNREACH' }, 'unreached'],
  [{ code: 'ENETUNREACH' }, 'unreached'],
  [{ code: 'ERR_TLS_CERT_ALTNAME_INVALID' }, 'unreached'],
  [{ code: 'CERT_HAS_EXPIRED' }, 'unreached'],
  [{ code: 'SELF_SIGNED_CERT_IN_CHAIN' }, 'unreached'],
  [{ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }, 'unreached'],
  [{ code: 'ETIMEDOUT', syscall: 'connect' }, 'unreached'],
  [{ code: 'ECONNRESET', syscall: 'connect' }, 'unreached'],
  [{ code: 'EUNKNOWN', syscall: 'getaddrinfo' }, 'unreached'],
  [{ message: 'Socket timed out: did not establish a connection with the server within 2000 ms' }, 'unreached'],
  [
    { message: 'Client network socket disconnected before secure TLS connection was established', code: 'ECONNRESET' },
    'unreached',
  ],
  [{ code: 'ECONNRESET', syscall: 'read' }, 'unsure'],
  [{ code: 'EPIPE', syscall: 'write' }, 'unsure'],
  [{ code: 'X_ECONNREFUSED' }, 'unsure'],
  [{ code: 'EPROTO', syscall: 'reconnect' }, 'unsure'],
  [{ code: 'EPROTO', syscall: 'connected' }, 'unsure'],
  [{}, 'unsure'],
])('an error without an answer, %j, is %s', (what, kind) => {
  expect(classify(Object.assign(new Error(''), what), TO)).toEqual({ kind });
});

test('what is no error at all is not clear, and an error of no address is one of none that was reached', () => {
  expect(classify({ $metadata: { httpStatusCode: 400 } }, TO)).toMatchObject(disputed);
  expect(classify({ $metadata: { httpStatusCode: 429 } }, TO)).toMatchObject({ kind: 'throttled' });
  expect(classify({}, TO)).toEqual({ kind: 'unsure' });
  expect(classify(new AggregateError([]), TO)).toEqual({ kind: 'unreached' });
});
