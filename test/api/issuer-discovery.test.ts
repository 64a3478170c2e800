/** The keys of an issuer that is known by its name alone, and which of several keys a token was signed with. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTokenCheck, type TokenOptions } from '../../services/api/identity/token-check.ts';
import { user } from '../support/api.ts';
import { type IssuerKey, issuerKey, startIssuer } from '../support/issuer.ts';
import { jwt, TOKEN_SECRET } from '../support/tokens.ts';

const [rsa, es, second] = await Promise.all([issuerKey('RS256', 'rsa'), issuerKey('ES256', 'es'), issuerKey('RS256')]);
let issuer: Awaited<ReturnType<typeof startIssuer>>;
beforeAll(async () => void (issuer = await startIssuer()));
afterAll(() => issuer.close());
beforeEach(() => {
  issuer.answers.clear();
  issuer.asked.length = 0;
});

function checkOf(issuerUrl: string, more: Partial<TokenOptions> = {}) {
  const told: string[] = [];
  const report = {
    succeeded: () => void told.push('well'),
    failed: (error: unknown) => void told.push((error as Error).message),
  };
  const check = createTokenCheck(
    {
      secrets: [TOKEN_SECRET],
      issuerKeys: { issuerUrl },
      algorithms: ['EdDSA', 'Ed25519', 'ES256', 'RS256'],
      issuer: issuerUrl,
      audience: undefined,
      userClaims: ['sub'],
      roleClaims: [],
      ...more,
    },
    report,
  );
  const outcome = (token: string) =>
    check(token).then(
      () => 'good',
      (error: { code?: string }) => error.code ?? String(error),
    );
  return { outcome, told };
}

const keys = () => `${issuer.origin}/keys`;
const follow = async (location: string) => {
  issuer.answers.set('/keys', { status: 302, headers: { Location: location } });
  issuer.keysAt('/there', es);
  const { outcome, told } = checkOf(issuer.origin, { issuerKeys: { jwksUrl: `${issuer.origin}/keys` } });
  return [await outcome(await es.sign({ iss: issuer.origin, sub: user(1) })), told];
};
const by = (...published: readonly IssuerKey[]) => {
  issuer.keysAt('/keys', ...published);
  return checkOf(issuer.origin, { issuerKeys: { jwksUrl: `${issuer.origin}/keys` } }).outcome;
};
const claims = () => ({ iss: issuer.origin, sub: user(1) });

const OPENID = '/.well-known/openid-configuration';
const OAUTH = '/.well-known/oauth-authorization-server';

describe('the keys of an issuer that is named by its URL', () => {
  test.each([
    ['', OPENID],
    ['/', OPENID],
    ['/realms/example', `/realms/example${OPENID}`],
    ['/realms/example/', `/realms/example${OPENID}`],
    ['', OAUTH],
    ['/tenant', `${OAUTH}/tenant`],
    ['/tenant/', `${OAUTH}/tenant`],
  ])('whose path is %j are where %s says', async (path, at) => {
    const iss = `${issuer.origin}${path}`;
    issuer.answers.set(at, { body: { issuer: iss, jwks_uri: `${issuer.origin}/elsewhere/keys` } });
    issuer.keysAt('/elsewhere/keys', rsa, es);
    const { outcome, told } = checkOf(iss);
    expect(await outcome(await es.sign({ iss, sub: user(1) }))).toBe('good');
    expect(await outcome(await es.sign({ iss: `${iss}x`, sub: user(1) }))).toBe('unauthorized');
    expect(told).toEqual(['well']);
    expect(issuer.asked.slice(-2)).toEqual([at, '/elsewhere/keys']);
  });

  test('are not asked for as long as only the shared secret signs', async () => {
    const { outcome } = checkOf(issuer.origin);
    expect(await outcome(jwt({ exp: 4e9, iss: issuer.origin, sub: user(1) }))).toBe('good');
    expect(issuer.asked).toEqual([]);
  });

  test('who publishes no metadata are none: its tokens are refused, and that is no outage', async () => {
    const { outcome, told } = checkOf(issuer.origin);
    const tokens = await Promise.all([es, rsa].map((key) => key.sign({ iss: issuer.origin, sub: user(1) })));
    for (const token of [...tokens, ...tokens]) expect(await outcome(token)).toBe('unauthorized');
    expect([told, issuer.asked]).toEqual([['well'], [OPENID, OAUTH]]);
  });

  test.each<[string, () => unknown, RegExp]>([
    [
      'of another issuer',
      () => ({ issuer: 'https://evil.example.com', jwks_uri: keys() }),
      /of the issuer "https:\/\/evil.example.com": JWT_ISSUER must be that/,
    ],
    [
      'whose name ends in a slash',
      () => ({ issuer: `${issuer.origin}/`, jwks_uri: keys() }),
      /\/": JWT_ISSUER must be that/,
    ],
    ['without an issuer', () => ({ jwks_uri: keys() }), /lack issuer or jwks_uri/],
    ['without keys', () => ({ issuer: issuer.origin }), /lack issuer or jwks_uri/],
    ['whose keys are no URL', () => ({ issuer: issuer.origin, jwks_uri: '/keys' }), /lack issuer or jwks_uri/],
    ['whose keys are a file', () => ({ issuer: issuer.origin, jwks_uri: 'file:///etc/passwd' }), /not at an https URL/],
    ['that are a list', () => [], /lack issuer or jwks_uri/],
    ['that are null', () => null, /lack issuer or jwks_uri/],
    ['that are a page', () => '<title>Sign in</title>', /JSON/],
    ['without end', () => ' '.repeat(300_000), /too long/],
  ])('by metadata %s are not to be had, and the reason is told', async (_what, body, words) => {
    issuer.answers.set(OPENID, { body: body() });
    issuer.keysAt('/keys', rsa, es);
    const { outcome, told } = checkOf(issuer.origin);
    expect(await outcome(await es.sign({ iss: issuer.origin, sub: user(1) }))).toBe('keys_unavailable');
    expect(told).toEqual([expect.stringMatching(words)]);
    expect(issuer.asked).toEqual([OPENID]);
  });

  test('that fail at the first address are not looked for at the second', async () => {
    issuer.answers.set(OPENID, { status: 503 });
    const { outcome, told } = checkOf(issuer.origin);
    expect(await outcome(await es.sign({ iss: issuer.origin, sub: user(1) }))).toBe('keys_unavailable');
    expect([told, issuer.asked]).toEqual([['The token issuer answered 503 where its metadata should be.'], [OPENID]]);
  });
});

describe('a redirect', () => {
  test('to the same host is followed', async () => {
    expect(await follow('/there')).toEqual(['good', ['well']]);
  });

  test.each([
    ['another host', 'https://evil.example.com/keys'],
    ['another port', 'http://127.0.0.1:9/keys'],
    ['another protocol', 'https://127.0.0.1/keys'],
    ['no URL', 'http://['],
    ['a file', 'file:///etc/passwd'],
  ])('to %s is not', async (_what, location) => {
    expect(await follow(location)).toEqual(['keys_unavailable', ['The token issuer redirects to another host.']]);
    expect(issuer.asked).toEqual(['/keys']);
  });

  test('in a circle ends', async () => {
    expect(await follow('/keys')).toEqual(['keys_unavailable', ['The token issuer redirects again and again.']]);
    expect(issuer.asked).toHaveLength(4);
  });
});

describe('of several keys', () => {
  test('each that fits is tried for a token that names none', async () => {
    const stranger = await issuerKey('RS256');
    const outcome = by(rsa, second, es);
    expect(await outcome(await rsa.sign(claims(), { kid: null }))).toBe('good');
    expect(await outcome(await second.sign(claims()))).toBe('good');
    expect(await outcome(await es.sign(claims(), { kid: null }))).toBe('good');
    expect(await outcome(await stranger.sign(claims()))).toBe('unauthorized');
  });

  test('the one that signed it decides: what it says otherwise is told', async () => {
    const outcome = by(rsa, second);
    expect(await outcome(await second.sign({ ...claims(), exp: 1 }))).toBe('unauthorized');
    expect(await outcome(await second.sign({ ...claims(), iss: 'x' }))).toBe('unauthorized');
  });

  test('one that cannot be used spoils none of the others', async () => {
    const broken = { jwk: { ...rsa.jwk, n: 'AQAB' }, sign: rsa.sign };
    expect(await by(broken, second)(await second.sign(claims()))).toBe('good');
    expect(await by(second, broken)(await rsa.sign(claims(), { kid: null }))).toBe('unauthorized');
  });

  test.each([
    ['EdDSA', 'EdDSA'],
    ['EdDSA', 'Ed25519'],
    ['Ed25519', 'EdDSA'],
    ['Ed25519', 'Ed25519'],
    [undefined, 'EdDSA'],
    [undefined, 'Ed25519'],
  ])('one that is published for %s takes a token of %s', async (published, alg) => {
    const key = await issuerKey('Ed25519', 'ed', published ? { alg: published } : {});
    if (!published) delete key.jwk.alg;
    expect(await by(key, rsa)(await key.sign(claims(), { alg }))).toBe('good');
  });
});
