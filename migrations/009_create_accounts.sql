-- The accounts of the operators, made by the command line; apps' users have none here.
create table accounts (
  id uuid primary key,
  email text not null,
  password_hash text not null,
  role text not null,
  created_at timestamptz not null default now(),
  disabled_at timestamptz,
  constraint "an address has one account" unique (email)
);

-- Each login starts a family; each refresh uses one token up and adds the next. A used one that comes again ends the family.
create table refresh_tokens (
  token_hash text primary key,
  family uuid not null,
  account_id uuid not null references accounts (id) on delete cascade,
  expires_at timestamptz not null,
  used_at timestamptz
);

create index refresh_tokens_by_family on refresh_tokens (family);
create index refresh_tokens_by_age on refresh_tokens (expires_at);

-- How often something happened since a moment. Unlogged: after a crash the counting starts anew.
create unlogged table rate_windows (
  key text primary key,
  started_at timestamptz not null,
  count integer not null
);

create index rate_windows_by_age on rate_windows (started_at);

do $$
begin
  if exists (select from pg_roles where rolname = 'sealpost_app') then
    grant select, insert, update on accounts to sealpost_app;
    grant select, insert, update, delete on refresh_tokens, rate_windows to sealpost_app;
  end if;
end;
$$;
