-- The log and what stands beside it. A stream is one canonical address: its name, and the only place where it stands.

-- The one clock of the rules, in milliseconds like the program's instants.
create function event_clock() returns timestamptz language sql volatile as $$
  select date_trunc('milliseconds', clock_timestamp())
$$;

-- The truth. Append-only: see the grants in 007.
create table events (
  position bigint generated always as identity primary key,
  stream_id text not null,
  version integer not null,
  type text not null,
  at timestamptz not null,
  data jsonb not null,
  constraint "a version of a stream is one event" unique (stream_id, version)
);

create index events_by_time on events using brin (at);

-- The snapshot that a command loads; version guards the append.
create table streams (
  id text primary key,
  version integer not null,
  state jsonb not null,
  -- When the first open code's time is over; null: none is open.
  expires_at timestamptz,
  constraint "a stream has at least one event" check (version > 0),
  constraint "an address has at most 254 characters" check (length(id) <= 254)
) with (fillfactor = 70);

create index streams_to_expire on streams (expires_at) where expires_at is not null;

-- Mails that were asked for and have no answer yet. What to mail stands in the requested event.
create table outbox (
  otp_id uuid not null,
  mailing integer not null,
  stream_id text not null,
  version integer not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  claimed_until timestamptz not null,
  tries integer not null default 0,
  primary key (otp_id, mailing)
);

create index outbox_oldest_first on outbox (created_at);

-- Idempotency-Key: which event was recorded under it. Hashes only.
create table idempotency_keys (
  caller uuid not null,
  key_hash text not null,
  fingerprint text not null,
  stream_id text not null,
  version integer not null,
  created_at timestamptz not null,
  constraint "a caller uses a key once" primary key (caller, key_hash)
);

create index idempotency_keys_by_age on idempotency_keys (created_at);

-- A restore counts the epoch up, which ends every code that was open in the backup.
create table installation (
  only_row boolean primary key default true,
  epoch integer not null default 1,
  constraint "there is one installation" check (only_row)
);

insert into installation default values;
