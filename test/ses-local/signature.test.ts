/** The signature check of the local SES, against signatures made here by hand: nothing passes but what was signed. */
import { createHash, createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { SesError } from '../../services/ses-local/answers.ts';
import { createSignatureCheck, type SignedRequest } from '../../services/ses-local/signature.ts';

const credentials = { accessKeyId: 'AKIDLOCAL', secretAccessKey: 'local-secret' };
const now = Date.parse('2026-03-01T12:00:00Z');
const hmac = (key: Buffer | string, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

type Signing = Partial<{
  date: string;
  day: string;
  region: string;
  service: string;
  names: string;
  body: string;
  keyId: string;
  secret: string;
  url: string;
  query: string;
  headers: Record<string, string>;
}>;

/** "Create a signed AWS API request", for a POST. */
function signed(given: Signing = {}): SignedRequest {
  const { date = '20260301T120000Z', day = date.slice(0, 8), region = 'us-east-1', service = 'ses' } = given;
  const { names = 'host;x-amz-date', body = 'Action=GetSendQuota', url = '/', query = '' } = given;
  const { keyId = credentials.accessKeyId, secret = credentials.secretAccessKey } = given;
  const headers: Record<string, string> = { host: '127.0.0.1', 'x-amz-date': date, ...given.headers };
  const lines = names.split(';').map((name) => `${name}:${headers[name]?.trim().replace(/\s+/g, ' ') ?? ''}\n`);
  const canonical = ['POST', url.split('?')[0], query, lines.join(''), names, sha256(body)].join('\n');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const key = [region, service, 'aws4_request'].reduce(hmac, hmac(`AWS4${secret}`, day));
  const signature = hmac(key, ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n')).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${keyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
  return { method: 'POST', url, headers: { ...headers, authorization }, body: Buffer.from(body) };
}

const check = createSignatureCheck(credentials, 'us-east-1');
function verdict(request: SignedRequest, at = now): string {
  try {
    check(request, at);
    return 'passes';
  } catch (error) {
    return error instanceof SesError ? `${error.status} ${error.code}` : String(error);
  }
}
const changed = (more: Partial<SignedRequest>): SignedRequest => ({ ...signed(), ...more });
const withHeader = (name: string, value: string | undefined): SignedRequest =>
  changed({ headers: { ...signed().headers, [name]: value } });

describe('what is signed as it is', () => {
  test.each<[string, Signing]>([
    ['plainly', {}],
    ['with a header more', { names: 'content-type;host;x-amz-date', headers: { 'content-type': ' a   b ' } }],
    ['with the hash of its body', { headers: { 'x-amz-content-sha256': sha256('Action=GetSendQuota') } }],
    ['with a query', { url: "/?b=2&a=1%20x&a='", query: 'a=%27&a=1%20x&b=2' }],
    ['the day before, fourteen minutes ago', { date: '20260301T114600Z' }],
  ])('%s passes', (_what, signing) => {
    expect(verdict(signed(signing))).toBe('passes');
  });

  test('passes on another day too, and on the first again', () => {
    const tomorrow = Date.parse('2026-03-02T12:00:00Z');
    expect(verdict(signed())).toBe('passes');
    expect(verdict(signed({ date: '20260302T120000Z' }), tomorrow)).toBe('passes');
    expect(verdict(signed())).toBe('passes');
  });
});

test.each<[string, number, string]>([
  ['20260301T114500Z', 0, 'passes'],
  ['20260301T114459Z', 0, '403 RequestExpired'],
  ['20260301T121500Z', 0, 'passes'],
  ['20260301T121501Z', 0, '403 RequestExpired'],
  ['20260301T114500Z', 1, '403 RequestExpired'],
])('signed at %s and looked at %d ms after noon: %s', (date, after, expected) => {
  expect(verdict(signed({ date }), now + after)).toBe(expected);
});

const mismatch = '403 SignatureDoesNotMatch';
const incomplete = '400 IncompleteSignature';
test.each<[string, SignedRequest, string]>([
  ['another secret', signed({ secret: 'another' }), mismatch],
  ['another key', signed({ keyId: 'AKIDOTHER' }), '403 InvalidClientTokenId'],
  ['another region', signed({ region: 'eu-west-1' }), mismatch],
  ['another service', signed({ service: 's3' }), mismatch],
  ['the host unsigned', signed({ names: 'x-amz-date' }), mismatch],
  ['the date unsigned', signed({ names: 'host' }), mismatch],
  ['a day that is not the date’s', signed({ day: '20260228' }), mismatch],
  ['a date of another form', signed({ date: '2026-03-01T12:00:00Z', day: '20260301' }), mismatch],
  ['another body', changed({ body: Buffer.from('Action=SendEmail') }), mismatch],
  ['another path', changed({ url: '/x' }), mismatch],
  ['another query', changed({ url: '/?a=1' }), mismatch],
  ['another method', changed({ method: 'GET' }), mismatch],
  ['another host', withHeader('host', 'elsewhere'), mismatch],
  ['a hash that is not the body’s', withHeader('x-amz-content-sha256', sha256('x')), mismatch],
  ['no signature', withHeader('authorization', undefined), '403 MissingAuthenticationToken'],
  ['an empty one', withHeader('authorization', ''), '403 MissingAuthenticationToken'],
  ['a signature of another kind', withHeader('authorization', 'Bearer x'), incomplete],
  [
    'a signature cut short',
    withHeader('authorization', String(signed().headers.authorization).slice(0, -1)),
    incomplete,
  ],
  [
    'a digit changed',
    withHeader(
      'authorization',
      String(signed().headers.authorization).replace(/.$/, (last) => (last === '0' ? '1' : '0')),
    ),
    mismatch,
  ],
])('with %s it is refused', (_what, request, expected) => {
  expect(verdict(request)).toBe(expected);
});
