/** The small makers of answers and tokens: pages, rows, pairs of tokens, refresh tokens, and what describes them. */
import { createHmac, hkdfSync } from 'node:crypto';
import { jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import { jsonAnswer, jsonBody } from '../../services/api/describe.ts';
import { emailRecordOf } from '../../services/api/email-record.ts';
import { pagination } from '../../services/api/paging.ts';
import { createRefreshTokens } from '../../services/api/identity/refresh-token.ts';
import { sendBody } from '../../services/api/routes/send-otp-form.ts';
import { tokensAnswer, tokensFor } from '../../services/api/identity/tokens-for.ts';
import { anAddress } from '../support/rules.ts';

test.each([
  [1, 50, 0, 0],
  [1, 50, 1, 1],
  [1, 50, 50, 1],
  [2, 50, 51, 2],
  [3, 200, 401, 3],
])('page %i of %i at a time of %i is one of %i', (page, limit, total, totalPages) => {
  expect(pagination({ page, limit }, { total, totalIsEstimate: false }, String)).toEqual({
    page,
    limit,
    total,
    totalPages,
  });
});

test('what is an estimate, and what follows, is told where it is so', () => {
  expect(pagination({ page: 1, limit: 2 }, { total: 9, totalIsEstimate: true, next: 7 }, (id) => `id ${id}`)).toEqual({
    page: 1,
    limit: 2,
    total: 9,
    totalPages: 5,
    totalIsEstimate: true,
    nextCursor: 'id 7',
  });
});

describe('a row of addresses', () => {
  const row = {
    id: 7,
    user_id: 'u',
    email_address: anAddress,
    is_verified: true,
    verified_at: new Date('2026-03-01T12:00:00.5Z'),
    purpose: 'driver',
    verification_method: 'otp',
    created_at: new Date('2026-02-01T00:00:00Z'),
    updated_at: new Date('2026-03-02T00:00:00Z'),
  };

  test('is told with its times in ISO 8601 and no name', () => {
    expect(emailRecordOf(row)).toEqual({
      ...row,
      user_name: null,
      verified_at: '2026-03-01T12:00:00.500Z',
      created_at: '2026-02-01T00:00:00.000Z',
      updated_at: '2026-03-02T00:00:00.000Z',
    });
  });

  test('that is not verified has no time of it', () => {
    expect(emailRecordOf({ ...row, is_verified: false, verified_at: null })).toMatchObject({
      is_verified: false,
      verified_at: null,
    });
  });

  test('shows nothing else that the table may have', () => {
    expect(emailRecordOf({ ...row, salt: 's' } as typeof row)).not.toHaveProperty('salt');
  });
});

describe('a refresh token', () => {
  const secret = 'a-secret-that-is-long-enough-0123456789';
  const tokens = createRefreshTokens(secret, 604_800);

  test('is 32 random bytes; what is kept of it is a keyed hash, and it lives as long as was said', () => {
    const [one, two] = [tokens.create(), tokens.create()];
    expect(Buffer.from(one.token, 'base64url')).toHaveLength(32);
    expect(one.token).toMatch(/^[\w-]{43}$/);
    expect(one.token).not.toBe(two.token);
    const key = Buffer.from(hkdfSync('sha256', secret, '', 'sealpost refresh tokens', 32));
    expect(one.tokenHash).toBe(createHmac('sha256', key).update(one.token).digest('base64url'));
    expect(one).toEqual({ token: one.token, tokenHash: tokens.hashOf(one.token), lifeSeconds: 604_800 });
  });

  // By `openssl`: the key by HKDF of the secret, then HMAC-SHA-256 in base64url.
  test('has the same hash for ever, and another one under another secret', () => {
    expect(tokens.hashOf('a-token')).toBe('CnyLWF0_zQzKql2-z-kNL2SQKXJLyucP8oRAWJ37qko');
    expect(createRefreshTokens('another-secret-0123456789-0123456789', 1).hashOf('a-token')).not.toBe(
      'CnyLWF0_zQzKql2-z-kNL2SQKXJLyucP8oRAWJ37qko',
    );
    expect(tokens.hashOf('b-token')).not.toBe('CnyLWF0_zQzKql2-z-kNL2SQKXJLyucP8oRAWJ37qko');
  });
});

describe('a pair of tokens', () => {
  const services = {
    signing: { secret: 'a-secret-that-is-long-enough-0123456789', issuer: 'the issuer', audience: 'the audience' },
    tokenLifeSeconds: 90,
    bcryptRounds: 10,
    refreshTokens: createRefreshTokens('x', 1),
  };
  const account = {
    id: '00000000-0000-4000-8000-000000000001',
    email: 'op@example.com',
    role: 'super_admin',
    password_hash: '$2b$',
  };

  test('says whose it is and how long it lives, and carries the role, the issuer and the audience', async () => {
    const { token, ...told } = await tokensFor(account, 'the-session', 'the-refresh-token', services);
    const { id, email, role } = account;
    const user = { id, email, role, display_name: email, is_active: true, permissions: {} };
    expect(told).toEqual({
      success: true,
      message: 'You are signed in.',
      refreshToken: 'the-refresh-token',
      expiresIn: 90,
      user,
      // As the admin panels read it.
      data: { user, token, refreshToken: 'the-refresh-token' },
    });
    expect(tokensAnswer.safeParse({ token, ...told }).success).toBe(true);
    const { payload } = await jwtVerify(token, new TextEncoder().encode(services.signing.secret));
    const { iat = 0, exp = 0, ...claims } = payload;
    expect(claims).toEqual({
      userId: account.id,
      sub: account.id,
      role: 'super_admin',
      sealpost_session: 'the-session',
      iss: 'the issuer',
      aud: 'the audience',
    });
    expect(exp - iat).toBe(90);
  });
});

describe('a description', () => {
  test('of a body or an answer is JSON of its schema', () => {
    expect(jsonBody(sendBody)).toEqual({ required: true, content: { 'application/json': { schema: sendBody } } });
    expect(jsonAnswer(sendBody, 'It is so.')).toEqual({
      description: 'It is so.',
      content: { 'application/json': { schema: sendBody } },
    });
  });
});
