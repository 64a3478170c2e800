/**
 * The sessions of operators' accounts. Tokens come as keyed hashes. What decides is read off rows that the statement has
 * locked, the account before the session before its tokens: PostgreSQL judges a locked row as it stands, and all others as
 * they stood when the statement began.
 */
import type { Account } from './accounts.ts';
import type { Sql } from './database.ts';

export type NewRefreshToken = Readonly<{ tokenHash: string; lifeSeconds: number }>;

export type NewSession = Readonly<{
  id: string;
  accountId: string;
  /** What the password was compared with: without it, or with the account disabled, there is no session. */
  passwordHash: string;
  refreshToken: NewRefreshToken;
  /** How long anything that is given out for it lives. */
  lifeSeconds: number;
  network: string | null;
}>;

/** False: the credentials are not those any more that were compared. */
export async function startSession(sql: Sql, session: NewSession): Promise<boolean> {
  const { id, accountId, passwordHash, refreshToken, lifeSeconds, network } = session;
  const rows = await sql`
    with account as (
      select id, credentials_version
      from accounts
      where id = ${accountId} and password_hash = ${passwordHash} and disabled_at is null
      for share
    ), started as (
      insert into sessions (id, account_id, credentials_version, expires_at)
      select ${id}::uuid, id, credentials_version, event_clock() + ${lifeSeconds} * interval '1 second' from account
      returning id, account_id
    ), added as (
      insert into refresh_tokens (token_hash, family, account_id, expires_at)
      select ${refreshToken.tokenHash}, id, account_id, event_clock() + ${refreshToken.lifeSeconds} * interval '1 second'
      from started
    ), recorded as (
      insert into sign_ins (what, account_id, network) select 'login', account_id, ${network} from started
    )
    select id from started
  `;
  return rows.length > 0;
}

/**
 * Uses a refresh token up and puts the next in its place; `lifeSeconds` as in NewSession. Undefined: it is unknown, used or
 * over, or its session has ended.
 */
export async function rotate(
  sql: Sql,
  tokenHash: string,
  next: NewRefreshToken,
  lifeSeconds: number,
): Promise<(Account & Readonly<{ sessionId: string }>) | undefined> {
  const [row] = await sql<(Account & Readonly<{ sessionId: string }>)[]>`
    with live as (
      select sessions.id as session_id, accounts.id, accounts.email, accounts.role
      from refresh_tokens
      join accounts on accounts.id = refresh_tokens.account_id
      join sessions on sessions.id = refresh_tokens.family and sessions.account_id = accounts.id
      where token_hash = ${tokenHash}
        and used_at is null
        and refresh_tokens.expires_at > (select event_clock())
        and accounts.disabled_at is null
        and sessions.ended_at is null
        and sessions.credentials_version = accounts.credentials_version
      for share of accounts
      for update of sessions
    ), used as (
      update refresh_tokens
      set used_at = event_clock()
      from live
      where token_hash = ${tokenHash} and used_at is null
      returning live.*
    ), kept as (
      update sessions
      set expires_at = greatest(expires_at, event_clock() + ${lifeSeconds} * interval '1 second')
      from used
      where sessions.id = used.session_id
    ), added as (
      insert into refresh_tokens (token_hash, family, account_id, expires_at)
      select ${next.tokenHash}, session_id, id, event_clock() + ${next.lifeSeconds} * interval '1 second' from used
    )
    select id, email, role, session_id as "sessionId" from used
  `;
  return row;
}

/** Ends the session that this token belongs to, and records why: a logout by any token of it, a reuse only by one that was used. */
export async function endSession(
  sql: Sql,
  tokenHash: string,
  why: 'logout' | 'reuse',
  network: string | null,
): Promise<void> {
  await sql`
    with ended as (
      update sessions
      set ended_at = event_clock(), ended_by = ${why}
      where ended_at is null
        and id = (
          select family
          from refresh_tokens
          where token_hash = ${tokenHash} and (used_at is not null or ${why === 'logout'}::boolean)
        )
      returning id, account_id
    ), gone as (
      delete from refresh_tokens
      where token_hash in (
        select token_hash from refresh_tokens where family = (select id from ended) order by token_hash for update
      )
    )
    insert into sign_ins (what, account_id, network) select ${why}, account_id, ${network} from ended
  `;
}

export type LiveSession = Readonly<{ id: string; accountId: string }>;

/** How many have not ended; a thousand stand for all that are more. */
export async function countSessions(sql: Sql): Promise<number> {
  const [row] = await sql<[{ sessions: number }]>`
    select count(*)::float8 as sessions
    from (select from sessions where expires_at > (select event_clock()) and ended_at is null limit 1000) as live
  `;
  return row.sessions;
}

/** Those of these sessions that go on: not ended, and begun with the credentials that their account still has. */
export async function liveSessions(sql: Sql, ids: readonly string[]): Promise<readonly LiveSession[]> {
  return sql<LiveSession[]>`
    select sessions.id, account_id as "accountId"
    from jsonb_array_elements_text(${sql.json(ids)}) as asked
    join sessions on sessions.id = asked::uuid
    join accounts on accounts.id = account_id
    where ended_at is null
      and disabled_at is null
      and sessions.credentials_version = accounts.credentials_version
  `;
}
