/** Whom a command logs in as, and how: the owner, or what the running programs are. */
import { describe, expect, test } from 'vitest';
import {
  adminLogin,
  adminUrl,
  databaseOf,
  inDatabase,
  ownerOptions,
  readerOptions,
  urlOf,
} from '../../services/cli/admin-url.ts';

describe('the database', () => {
  const app = 'postgres://app:x@db.example.com/y';
  const owner = 'postgres://owner:x@db.example.com/y';

  test.each([
    ['the owner’s URL', { DATABASE_URL: app, DATABASE_ADMIN_URL: owner }, owner],
    ['the programs’ own without it', { DATABASE_URL: app }, app],
    [
      'made of the parts',
      { DB_HOST: 'h', DB_PORT: '6', DB_NAME: 'n', DB_USER: 'u', DB_PASSWORD: 'p@' },
      'postgres://u:p%40@h:6/n',
    ],
    ['with TLS', { DATABASE_ADMIN_URL: owner, DB_SSL: 'require' }, `${owner}?sslmode=require`],
    ['with its certificate checked', { DATABASE_ADMIN_URL: owner, DB_SSL: 'verify' }, `${owner}?sslmode=verify-full`],
    ['in the words of the guide', { DATABASE_URL: app, DB_SSL: 'true' }, `${app}?sslmode=require`],
    [
      'as the URL says itself',
      { DATABASE_ADMIN_URL: `${owner}?sslmode=disable`, DB_SSL: 'verify' },
      `${owner}?sslmode=disable`,
    ],
  ])('of migrate and rebuild is %s', (_, environment, url) => {
    expect(adminUrl(environment)).toBe(url);
  });

  test.each(['off', 'require', 'verify'])('that a restore makes is reached as the one beside it: TLS %s', (DB_SSL) => {
    const login = adminLogin({ DATABASE_ADMIN_URL: owner, DB_SSL });
    expect(login).toEqual({ url: owner, ssl: DB_SSL });
    const mode = { off: '', require: '?sslmode=require', verify: '?sslmode=verify-full' }[DB_SSL];
    expect(urlOf(inDatabase(login, 'a b'))).toBe(`postgres://owner:x@db.example.com/a%20b${mode}`);
    expect(databaseOf(inDatabase(login, 'a b'))).toBe('a b');
  });

  test('of all that reads is the running programs’, never the owner’s', () => {
    const options = readerOptions({
      DATABASE_URL: app,
      DATABASE_ADMIN_URL: owner,
      DB_SSL: 'require',
      DB_POOL_MAX: '3',
    });
    expect(options).toEqual({
      url: app,
      ssl: 'require',
      poolMax: 3,
      applicationName: 'sealpost-cli',
      statementTimeoutMilliseconds: 5000,
    });
  });

  test.each([
    [{ DATABASE_URL: app, DATABASE_ADMIN_URL: owner }, owner, 'off'],
    [{ DATABASE_URL: app }, app, 'off'],
    [{ DATABASE_URL: app, DATABASE_ADMIN_URL: owner, DB_SSL: 'verify' }, owner, 'verify'],
    [{ DATABASE_ADMIN_URL: `${owner}?sslmode=require`, DB_SSL: 'verify' }, owner, 'require'],
    [{ DATABASE_ADMIN_URL: `${owner}?sslmode=disable`, DB_SSL: 'verify' }, owner, 'off'],
    [{ DATABASE_ADMIN_URL: `${owner}?sslmode=verify-ca` }, owner, 'verify'],
  ])('of what only the owner may see is the owner’s, by TLS as it says: %j', (environment, url, ssl) => {
    expect(ownerOptions(environment)).toMatchObject({ url, ssl, poolMax: 2 });
  });
});
