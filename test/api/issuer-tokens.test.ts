/** Tokens of another issuer: its public keys, its name, its audience; and every known way to pass without them. */
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTokenCheck, type TokenCheck, type TokenOptions } from '../../services/api/identity/token-check.ts';
import { JWT_SECRET, user } from '../support/api.ts';

const issuer = 'https://issuer.example.com';
const audience = 'sealpost';
const good: JWTPayload = { sub: user(1), iss: issuer, aud: audience, roles: ['admin', 'other'] };

const pair = await generateKeyPair('ES256', { extractable: true });
const next = await generateKeyPair('EdDSA', { extractable: true });
const pem = await exportSPKI(pair.publicKey);
const rsa = await generateKeyPair('RS512', { extractable: true });
const published: object[] = [];
let fetched = 0;
const server = createServer(({ url = '' }, response) => {
  if (url.endsWith('?silent')) return;
  if (url.endsWith('?page')) return void response.end('<title>Sign in</title>');
  fetched++;
  response.statusCode = url.endsWith('?status=503') ? 503 : 200;
  response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ keys: published }));
});
let jwksUrl: string;
let check: TokenCheck;

beforeAll(async () => {
  published.push({ ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'ES256' });
  published.push({ ...(await exportJWK(rsa.publicKey)), kid: 'rsa', alg: 'RS512' });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`;
  check = createTokenCheck(options());
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function options(changes: Partial<TokenOptions> = {}): TokenOptions {
  const claims = { userClaims: ['userId', 'sub'], roleClaims: ['roles', 'role'] };
  const algorithms = ['EdDSA', 'ES256', 'RS256'];
  return { secrets: [JWT_SECRET], issuerKeys: { jwksUrl }, algorithms, issuer, audience, ...claims, ...changes };
}

type Key = Parameters<SignJWT['sign']>[0];

function sign(key: Key, alg: string, payload: JWTPayload = good, expires = '5m', kid = 'one'): Promise<string> {
  return new SignJWT(payload).setProtectedHeader({ alg, kid }).setExpirationTime(expires).sign(key);
}

const secretOf = (text: string) => new TextEncoder().encode(text);
const refused = expect.objectContaining({ name: 'Refused', code: 'unauthorized' });

describe("an issuer's token", () => {
  test('with its key, its name and this audience is accepted, with its roles', async () => {
    expect(await check(await sign(pair.privateKey, 'ES256'))).toEqual({
      userId: user(1),
      roles: ['admin', 'other'],
      issuer,
    });
  });

  test('a token is verified once: the keys are not asked for again', async () => {
    const token = await sign(pair.privateKey, 'ES256');
    await check(token);
    const before = fetched;
    await Promise.all([check(token), check(token), check(token)]);
    expect(fetched).toBe(before);
  });

  test('the shared secret goes on beside it, the one before too, and no third one', async () => {
    const both = createTokenCheck(options({ secrets: [JWT_SECRET, 'the-secret-before-this-one-0123456789'] }));
    for (const secret of [JWT_SECRET, 'the-secret-before-this-one-0123456789']) {
      expect((await both(await sign(secretOf(secret), 'HS256'))).userId).toBe(user(1));
    }
    await expect(both(await sign(secretOf('a-third-secret-that-nobody-named-012345'), 'HS256'))).rejects.toEqual(
      refused,
    );
  });

  test('which claim is the user, and which the role, is configurable', async () => {
    const other = createTokenCheck(options({ userClaims: ['uid'], roleClaims: ['grp'] }));
    const token = await sign(pair.privateKey, 'ES256', { ...good, uid: user(7), grp: 'ops' });
    expect(await other(token)).toEqual({ userId: user(7), roles: ['ops'], issuer });
  });

  test.each<[string, () => Promise<string> | string]>([
    ['no expiry', () => new SignJWT(good).setProtectedHeader({ alg: 'ES256', kid: 'one' }).sign(pair.privateKey)],
    ['an expiry that is over', () => sign(pair.privateKey, 'ES256', good, '-1m')],
    ['another audience', () => sign(pair.privateKey, 'ES256', { ...good, aud: 'elsewhere' })],
    ['no audience', () => sign(pair.privateKey, 'ES256', { sub: user(1), iss: issuer })],
    ['another issuer', () => sign(pair.privateKey, 'ES256', { ...good, iss: 'https://evil.example.com' })],
    ['no issuer', () => sign(pair.privateKey, 'ES256', { sub: user(1), aud: audience })],
    ['alg none', () => new UnsecuredJWT(good).setExpirationTime('5m').encode()],
    ['HS512 with the right secret', () => sign(secretOf(JWT_SECRET), 'HS512')],
    ['the public key as an HMAC secret', () => sign(secretOf(pem), 'HS256')],
    ['an algorithm that is not configured', () => sign(rsa.privateKey, 'RS512', good, '5m', 'rsa')],
    [
      'an unknown critical header',
      async () => {
        const token = await sign(pair.privateKey, 'ES256');
        const header = Buffer.from(JSON.stringify({ alg: 'ES256', kid: 'one', crit: ['x'], x: 1 })).toString(
          'base64url',
        );
        return [header, ...token.split('.').slice(1)].join('.');
      },
    ],
    ['not yet valid', () => sign(pair.privateKey, 'ES256', { ...good, nbf: Math.floor(Date.now() / 1000) + 600 })],
    ['no user', () => sign(pair.privateKey, 'ES256', { iss: issuer, aud: audience })],
  ])('with %s is refused', async (_what, token) => {
    await expect(check(await token())).rejects.toEqual(refused);
  });

  test('with a key that the issuer has not published when it is asked is refused', async () => {
    const fresh = createTokenCheck(options());
    const token = await sign(next.privateKey, 'EdDSA', good, '5m', 'unheard-of');
    await expect(fresh(token)).rejects.toEqual(refused);
    await expect(fresh(token)).rejects.toEqual(refused);
  });

  test('with one that may have been published since is told to come back when the issuer is asked again', async () => {
    const fresh = createTokenCheck(options());
    await fresh(await sign(pair.privateKey, 'ES256'));
    const detail = expect.stringContaining('had not published the key of this token');
    const later = await fresh(await sign(next.privateKey, 'EdDSA', good, '5m', 'unheard-of')).catch((error) => error);
    expect(later).toMatchObject({ code: 'keys_unavailable', facts: { retryAfterSeconds: 30, detail } });
    // What has a cause is logged: anybody could fill the log.
    expect(later.cause).toBeUndefined();
  });

  test('a new key of the issuer is found by its id, and the old one works beside it', async () => {
    const fresh = createTokenCheck(options());
    published.push({ ...(await exportJWK(next.publicKey)), kid: 'two', alg: 'EdDSA' });
    expect((await fresh(await sign(next.privateKey, 'EdDSA', good, '5m', 'two'))).userId).toBe(user(1));
    expect((await fresh(await sign(pair.privateKey, 'ES256'))).userId).toBe(user(1));
  });

  test.each<[string, () => string]>([
    ['nobody is there', () => 'http://127.0.0.1:9/jwks.json'],
    ['the issuer answers with a failure', () => `${jwksUrl}?status=503`],
    ['a page is there in their place', () => `${jwksUrl}?page`],
    ['the issuer does not answer', () => `${jwksUrl}?silent`],
  ])('when the keys cannot be read, as %s, it is told as an outage, not as a bad token', async (_why, url) => {
    const away = createTokenCheck(options({ issuerKeys: { jwksUrl: url() } }));
    const outage = expect.objectContaining({
      code: 'keys_unavailable',
      facts: { retryAfterSeconds: 5 },
      cause: expect.any(Error),
    });
    await expect(away(await sign(pair.privateKey, 'ES256'))).rejects.toEqual(outage);
  });
});
