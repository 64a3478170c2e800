/** Operators' accounts over HTTP: several apis on one database, logged in to and refreshed as a client does. */
import { hashPassword } from '../../services/runtime/password.ts';
import { createAccount } from '../../services/store/accounts.ts';
import { type Answer, type ApiProcess, startApiProcess, user } from './api.ts';
import type { TestDatabase } from './database.ts';
import { addressOf } from './rules.ts';

export const PASSWORD = 'correct horse battery';
const NOWHERE = 'http://127.0.0.1:9';

/** Of the least cost there is, so that a test may log in often. */
export const cheapHash = (password = PASSWORD): Promise<string> => hashPassword(password, 4);

export const addressOfAccount = (n: number) => addressOf(`op${n}@example.com`);

/** The account of user(n), an admin with PASSWORD. */
export async function makeAccount(db: TestDatabase, n: number, password_hash?: string): Promise<void> {
  const hash = password_hash ?? (await cheapHash());
  await createAccount(db.sql, { id: user(n), email: addressOfAccount(n), role: 'admin', password_hash: hash });
}

/** Processes of their own, behind a proxy on this machine, so that a test may say from where it asks. */
export function startApis(db: TestDatabase, count: number, env: Record<string, string> = {}): Promise<ApiProcess[]> {
  const settings = { BCRYPT_ROUNDS: '10', TRUSTED_PROXIES: '127.0.0.1', DB_POOL_MAX: '10', ...env };
  return Promise.all(
    Array.from({ length: count }, () => startApiProcess({ databaseUrl: db.url, sesUrl: NOWHERE, env: settings })),
  );
}

type Api = Pick<ApiProcess, 'call'>;

export const post = (api: Api, path: string, body: object, from?: string): Promise<Answer> =>
  api.call('POST', `/api/auth/${path}`, { body, headers: from ? { 'X-Forwarded-For': from } : {} });

export const logIn = (api: Api, n: number, password = PASSWORD, from?: string): Promise<Answer> =>
  post(api, 'login', { email: addressOfAccount(n), password }, from);

export const refreshWith = (api: Api, refreshToken: unknown): Promise<Answer> => post(api, 'refresh', { refreshToken });

/** The status of an admin's call with this token. */
export const adminStatus = async (api: Api, token: unknown): Promise<number> =>
  (await api.call('GET', '/api/admin/email-management/stats', { token: String(token) })).status;
