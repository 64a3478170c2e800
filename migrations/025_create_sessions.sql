-- A session ends when it is said to end. Each has a row that whatever goes on with it or ends it locks, and goes on only while
-- its account has the credentials with which it began. The version before this one writes beside it: triggers do what it does not.
alter table accounts add column credentials_version integer not null default 1;

create function count_credentials_version() returns trigger language plpgsql set search_path to public, pg_temp as $$
begin
  new.credentials_version := old.credentials_version + 1;
  return new;
end;
$$;

create trigger count_credentials_version before update on accounts
for each row when (
  new.password_hash is distinct from old.password_hash
  or new.role is distinct from old.role
  or (new.disabled_at is not null and old.disabled_at is null)
) execute function count_credentials_version();

create table sessions (
  -- The family of its refresh tokens.
  id uuid primary key,
  account_id uuid not null references accounts (id) on delete cascade,
  credentials_version integer not null,
  started_at timestamptz not null default event_clock(),
  -- When the last token that was given out for it is over.
  expires_at timestamptz not null,
  ended_at timestamptz,
  ended_by text
);
create index sessions_by_account on sessions (account_id);
create index sessions_by_age on sessions (expires_at);
create index refresh_tokens_by_account on refresh_tokens (account_id);

-- No refresh token is added to a session that has ended, whoever would add it; one of a family without a row begins it.
create function require_session() returns trigger language plpgsql set search_path to public, pg_temp as $$
begin
  insert into sessions (id, account_id, credentials_version, expires_at)
  select new.family, id, credentials_version, new.expires_at from accounts where id = new.account_id
  on conflict (id) do nothing;
  perform from sessions
  join accounts on accounts.id = sessions.account_id
  where sessions.id = new.family
    and sessions.account_id = new.account_id
    and sessions.ended_at is null
    and sessions.credentials_version = accounts.credentials_version
  for update of sessions;
  -- Without an account the foreign key refuses it by name.
  if found or not exists (select from accounts where id = new.account_id) then
    return new;
  end if;
  return null;
end;
$$;

create trigger require_session before insert on refresh_tokens for each row execute function require_session();

-- The trigger's lock keeps others from adding tokens meanwhile.
insert into sessions (id, account_id, credentials_version, expires_at)
select distinct on (family) family, account_id, 1, expires_at
from refresh_tokens
order by family, expires_at desc;

-- What became of logins, and who changed an account. Appended to; only what is older than 90 days goes.
create table sign_ins (
  id bigint generated always as identity primary key,
  at timestamptz not null default event_clock(),
  what text not null,
  -- No reference: it outlives a restore, which puts accounts in anew.
  account_id uuid,
  -- Keyed hashes: of an address that has no account, and of the network of who asked.
  address_hash text,
  network text,
  -- Who did it, where it was not the account itself.
  done_by text,
  constraint "a sign-in is of a kind" check (
    what in ('login', 'failure', 'logout', 'reuse', 'created', 'reset', 'disabled', 'unlocked')
  )
);
create index sign_ins_by_account on sign_ins (account_id, id);
create index sign_ins_by_network on sign_ins (account_id, network, at) where what = 'login';
create index sign_ins_by_age on sign_ins (at);

create function forget_sign_ins(rows integer) returns setof bigint
language sql volatile security definer set search_path to public, pg_temp as $$
  delete from sign_ins
  where ctid = any (array(
    select ctid from sign_ins where at < (select event_clock()) - interval '90 days' order by at limit rows
  ))
  returning id
$$;
revoke all on function forget_sign_ins(integer) from public;

do $$
declare
  fenced text;
begin
  foreach fenced in array array['sessions', 'sign_ins'] loop
    execute format($trigger$
      create trigger refuse_stale_lease before insert or update or delete on %I
      for each statement when (current_setting('sealpost.lease_token', true) <> '')
      execute function refuse_stale_lease()
    $trigger$, fenced);
  end loop;
  if exists (select from pg_roles where rolname = 'sealpost_app') then
    grant select, insert, update, delete on sessions to sealpost_app;
    grant select, insert on sign_ins to sealpost_app;
    grant select on sequence sign_ins_id_seq to sealpost_app;
    grant execute on function forget_sign_ins(integer) to sealpost_app;
    if current_setting('server_version_num')::integer >= 170000 then
      grant maintain on sessions, sign_ins to sealpost_app;
    end if;
  end if;
end;
$$;
