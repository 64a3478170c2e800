-- Scheduled jobs: which of several schedulers works, what it is to do, and a record of each run.

-- Whoever holds the lease works. Its token counts the holders: a write under an earlier one is refused, so that a
-- scheduler that stood still and goes on changes nothing.
create table leases (
  name text primary key,
  holder text not null,
  token bigint not null,
  expires_at timestamptz not null,
  -- Makes the token a key: taking the lease over waits for statements under way that are fenced by it, renewing it does not.
  constraint "a lease has one token" unique (name, token)
);
insert into leases values ('scheduler', '', 0, '-infinity');

-- The table of jobs as the working scheduler has it.
create table jobs (
  name text primary key,
  pattern text not null,
  deadline_seconds integer not null
);

create table job_runs (
  id bigint generated always as identity primary key,
  job text not null,
  -- When it was due, or when somebody asked for it.
  slot timestamptz not null,
  asked boolean not null default false,
  started_at timestamptz,
  ended_at timestamptz,
  count bigint,
  -- What the job said last, for the person who waits.
  note text,
  error text,
  constraint "a job runs once when it is due" unique (job, slot)
);
create index job_runs_by_job on job_runs (job, id);
create index job_runs_under_way on job_runs (id) where ended_at is null;

create function refuse_stale_lease() returns trigger language plpgsql set search_path to public, pg_temp as $$
begin
  perform from leases
  where name = 'scheduler' and token = current_setting('sealpost.lease_token')::bigint
  for key share;
  if not found then
    raise exception 'the lease has passed to another scheduler' using errcode = 'SP001';
  end if;
  return null;
end;
$$;

-- A connection that says under which token it writes is held to it, in every table but the lease itself and what migrate keeps.
do $$
declare
  fenced text;
begin
  foreach fenced in array array[
    'accounts', 'email_otp_verifications', 'events', 'idempotency_keys', 'installation', 'job_runs', 'jobs', 'outbox',
    'rate_windows', 'refresh_tokens', 'streams', 'user_email_addresses'
  ] loop
    execute format($trigger$
      create trigger refuse_stale_lease before insert or update or delete on %I
      for each statement when (current_setting('sealpost.lease_token', true) <> '')
      execute function refuse_stale_lease()
    $trigger$, fenced);
  end loop;
  if exists (select from pg_roles where rolname = 'sealpost_app') then
    grant select, update on leases to sealpost_app;
    grant select, insert, update, delete on jobs, job_runs to sealpost_app;
  end if;
end;
$$;

-- The guide's monthly maintenance: counters that begin anew, where the owner may do that, and tables vacuumed and analyzed.
create function reset_statistics() returns boolean language plpgsql security definer set search_path to public, pg_temp as $$
begin
  perform pg_stat_reset();
  return true;
exception
  when insufficient_privilege then return false;
end;
$$;
revoke all on function reset_statistics() from public;

do $$
begin
  if exists (select from pg_roles where rolname = 'sealpost_app') then
    grant execute on function reset_statistics() to sealpost_app;
    -- Before PostgreSQL 17 only the owner may vacuum.
    if current_setting('server_version_num')::integer >= 170000 then
      execute (
        select 'grant maintain on ' || string_agg(quote_ident(relname), ', ') || ' to sealpost_app'
        from pg_class
        where relnamespace = 'public'::regnamespace and relkind = 'r'
      );
    end if;
  end if;
end;
$$;
