/** Sessions of operators' accounts, begun as a login begins them; and the rows of refresh tokens, told in short. */
import { type NewSession, startSession } from '../../services/store/sessions.ts';
import type { TestDatabase } from './database.ts';

type Given = Pick<NewSession, 'id' | 'accountId' | 'refreshToken'> & Partial<NewSession>;

/** With the credentials that the account has, where none are given; everything of it lives an hour. */
export async function beginSession(db: TestDatabase, given: Given): Promise<boolean> {
  const [row] = await db.owner`select password_hash from accounts where id = ${given.accountId}`;
  const defaults = { passwordHash: String(row?.password_hash), lifeSeconds: 3600, network: null };
  return startSession(db.sql, { ...defaults, ...given });
}

/** Such as `a1 f1 a2 used 2026-05-04T10:01:00.000Z`: the token, the ends of its family's and account's ids. */
export async function refreshTokenRows(db: TestDatabase): Promise<readonly string[]> {
  const rows = await db.owner`
    select token_hash, family, account_id, used_at is not null as used, expires_at from refresh_tokens order by 1
  `;
  return rows.map(
    ({ token_hash, family, account_id, used, expires_at }) =>
      `${token_hash} f${String(family).slice(-1)} a${String(account_id).slice(-1)} ${used ? 'used' : 'fresh'} ${(expires_at as Date).toISOString()}`,
  );
}
