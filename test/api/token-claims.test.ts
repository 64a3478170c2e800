/** Whose a token is and what its roles are: subjects of any form, and roles wherever a provider puts them. */
import { describe, expect, test } from 'vitest';
import type { TokenOptions } from '../../services/api/identity/token-check.ts';
import { Refused } from '../../services/api/http/problem.ts';
import { userIdOf } from '../../services/runtime/subject.ts';
import { UUID } from '../../services/runtime/uuid.ts';
import { user } from '../support/api.ts';
import { checkOf, jwt } from '../support/tokens.ts';

const callerOf = (claims: object | string, more: Partial<TokenOptions> = {}) =>
  checkOf(more)(jwt(typeof claims === 'string' ? claims : { exp: 4e9, ...claims }));

const faultOf = (claims: object | string, more: Partial<TokenOptions> = {}) =>
  callerOf(claims, more).then(
    ({ userId }) => userId,
    (error: unknown) => (error instanceof Refused ? error.facts.detail : error),
  );

describe('a subject', () => {
  test('that is a UUID is the id as it is, in small letters, whoever issued it', async () => {
    const id = 'ABCDEF00-0000-4000-8000-00000000ABCD';
    for (const iss of [undefined, 'https://one.example.com', 'https://two.example.com']) {
      expect((await callerOf({ iss, sub: id })).userId).toBe(id.toLowerCase());
    }
  });

  // By Python: uuid5(uuid5(UUID('b3fb5b1c-6a2a-4f0e-9c53-5d2f6c1d8e47'), issuer), subject).
  test.each([
    ['auth0|5f7c8ec7c33c6c004bbafe82', 'https://example.auth0.com/', '379889c6-26c2-593a-a111-c2332362a876'],
    ['k3Jd92Lm0pQrStUvWxYz12345678', 'https://securetoken.google.com/example', '113a8639-b4ae-55f2-a5c6-bb27b832c0e3'],
    ['user_2abcDEFghiJKLmnoPQRstuVWxy', '', 'ba9f69b8-11b4-5bc5-9955-9d29f28904a7'],
    ['42', '', '2dda4657-766d-5a34-ba8f-ae50f7e47340'],
    ['ünï·😀', 'https://issuer.example.com', '4ed5fe42-98d5-5af7-9ad0-f567ebad64ce'],
  ])('that is %s of the issuer %j is the UUID of version 5 that others compute too', async (sub, iss, wanted) => {
    expect((await callerOf({ sub, ...(iss ? { iss } : {}) })).userId).toBe(wanted);
    expect(wanted).toMatch(UUID);
  });

  test('a number is its digits', async () => {
    expect((await callerOf({ userId: 42 })).userId).toBe((await callerOf({ userId: '42' })).userId);
    expect((await callerOf({ userId: 0 })).userId).toBe(userIdOf('0'));
    expect((await callerOf({ userId: -7 })).userId).toBe(userIdOf('-7'));
  });

  test('two are two users, and one of two issuers is two as well', async () => {
    const subjects: object[] = [
      'a',
      'A',
      ' a',
      'a ',
      'a\u0000',
      'á',
      'a\u0301',
      'ab',
      '1',
      1.0,
      '01',
      'auth0|a',
      'urn:uuid:1',
    ].map((sub) => ({ sub }));
    const issued = [
      { iss: 'x', sub: 'a' },
      { iss: 'y', sub: 'a' },
      { iss: 'x a', sub: 'b' },
      { iss: 'x', sub: 'a b' },
      { iss: 'xa', sub: 'b' },
    ];
    const ids = await Promise.all([...subjects, ...issued].map(async (claims) => (await callerOf(claims)).userId));
    // 1 and '1' are one.
    expect(new Set(ids).size).toBe(ids.length - 1);
  });

  test('of a token without an issuer is of the issuer that is set', () => {
    expect(userIdOf('a', undefined)).toBe(userIdOf('a', ''));
    expect(userIdOf('a', 'x')).not.toBe(userIdOf('a'));
  });

  test.each<[string, object | string, string]>([
    ['two null', { userId: null, sub: user(2) }, user(2)],
    ['an empty text', { userId: '', sub: user(2) }, user(2)],
    ['both', { userId: user(1), sub: user(2) }, user(1)],
    ['none', {}, 'is not there'],
    ['null alone', { userId: null, sub: '' }, 'is not there'],
    ['another claim', { id: user(1) }, 'is not there'],
    ['a list', { sub: [user(1)] }, 'must be a text or a whole number'],
    ['an object', { userId: { id: user(1) }, sub: user(2) }, 'must be a text or a whole number'],
    ['true', { sub: true }, 'must be a text or a whole number'],
    ['a fraction', { userId: 1.5 }, 'must be a text, or a whole number below 2^53'],
    // Two of them would be read as one.
    ['2^53', '{"exp":4e9,"userId":9007199254740993}', 'must be a text, or a whole number below 2^53'],
    ['a number without end', '{"exp":4e9,"userId":1e400}', 'must be a text, or a whole number below 2^53'],
    ['half a pair', String.raw`{"exp":4e9,"sub":"a\ud800"}`, 'must be well-formed Unicode'],
    ['1,001 characters', { sub: 'a'.repeat(1001) }, 'must have at most 1000 characters'],
  ])('%s', async (_what, claims, wanted) => {
    const isFault = !UUID.test(wanted);
    const whole = isFault ? `The token names no user: the claim userId, else sub, ${wanted}.` : wanted;
    expect(await faultOf(claims)).toBe(whole);
  });

  test('is found at a path, of which the longest name that is there counts', async () => {
    const userClaims = ['app.user_id', 'https://example.com/uid'];
    expect((await callerOf({ app: { user_id: user(3) } }, { userClaims })).userId).toBe(user(3));
    expect((await callerOf({ 'app.user_id': user(4), app: { user_id: user(3) } }, { userClaims })).userId).toBe(
      user(4),
    );
    expect((await callerOf({ 'https://example.com/uid': user(5) }, { userClaims })).userId).toBe(user(5));
  });

  test.each([
    'constructor',
    '__proto__',
    'toString.name',
    'constructor.name',
    'sub.length',
    'app.',
    '.app',
    '.',
    'app..id',
  ])('is not found at %s, where nothing was said', async (path) => {
    expect(await faultOf({ sub: 'abc', app: { id: 'x' } }, { userClaims: [path] })).toMatch(/is not there/);
  });
});

describe('roles', () => {
  test.each<[string, string[], object, readonly string[]]>([
    ['none', ['roles', 'role'], {}, []],
    ['a text', ['role'], { role: 'admin' }, ['admin']],
    ['a text with a comma', ['role'], { role: 'ops,admin' }, ['ops,admin', 'ops', 'admin']],
    ['scopes', ['scope'], { scope: 'openid  profile admin' }, ['openid  profile admin', 'openid', 'profile', 'admin']],
    ['a list', ['roles'], { roles: ['admin', 'ops'] }, ['admin', 'ops']],
    ['a list whose names hold blanks', ['roles'], { roles: ['not admin'] }, ['not admin']],
    ['both claims', ['roles', 'role'], { roles: ['ops'], role: 'admin' }, ['ops', 'admin']],
    ['one twice', ['roles', 'role'], { roles: ['admin'], role: 'admin' }, ['admin']],
    ['what is no text', ['roles', 'role'], { roles: ['ops', 7, null, ''], role: true }, ['ops']],
    ['null', ['roles'], { roles: null }, []],
    ['an empty text', ['role'], { role: ' ' }, [' ']],
    ['Keycloak’s realm', ['realm_access.roles'], { realm_access: { roles: ['admin'] } }, ['admin']],
    [
      'Keycloak’s client',
      ['resource_access.my-app.roles'],
      { resource_access: { 'my-app': { roles: ['admin'] }, other: { roles: ['ops'] } } },
      ['admin'],
    ],
    [
      'Zitadel’s names',
      ['urn:zitadel:iam:org:project:roles'],
      { 'urn:zitadel:iam:org:project:roles': { admin: { 1: 'example.com' }, ops: { 2: 'example.com' } } },
      ['admin', 'ops'],
    ],
    [
      'names that are denied',
      ['roles'],
      { roles: { admin: false, ops: null, view: true, count: 1 } },
      ['view', 'count'],
    ],
    ['Auth0’s URL', ['https://example.com/roles'], { 'https://example.com/roles': ['admin'] }, ['admin']],
    ['below a URL', ['https://example.com/app.roles'], { 'https://example.com/app': { roles: ['admin'] } }, ['admin']],
    ['Cognito’s groups', ['cognito:groups'], { 'cognito:groups': ['admin'] }, ['admin']],
    ['Supabase’s', ['app_metadata.role'], { role: 'authenticated', app_metadata: { role: 'admin' } }, ['admin']],
    ['in a list of objects', ['roles.name'], { roles: [{ name: 'admin' }, { name: 'ops' }] }, ['admin', 'ops']],
    ['at a path that ends in a text', ['role.name'], { role: 'admin' }, []],
    ['of nobody’s own', ['constructor.name', '__proto__.roles', 'roles.constructor'], { roles: {} }, []],
  ])('%s', async (_what, roleClaims, claims, wanted) => {
    const { roles } = await callerOf({ sub: user(1), ...claims }, { roleClaims });
    expect(roles).toEqual(wanted);
  });

  test('lists within lists are not looked into without end', async () => {
    const deep = Array.from({ length: 2000 }).reduce<object>((within) => [within], { name: 'admin' });
    expect((await callerOf({ sub: user(1), roles: deep }, { roleClaims: ['roles.name'] })).roles).toEqual([]);
  });
});
