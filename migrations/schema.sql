-- The result of all migrations, written by the test of the schema. Not run by anything.

create table accounts (
  id uuid not null,
  email text not null,
  password_hash text not null,
  role text not null,
  created_at timestamp with time zone not null default now(),
  disabled_at timestamp with time zone,
  credentials_version integer not null default 1
);
create table email_otp_verifications (
  id uuid not null default gen_random_uuid(),
  user_id uuid not null,
  email character varying(255) not null,
  otp character varying(10) not null,
  purpose character varying(50) default 'verification'::character varying,
  verified boolean default false,
  verified_at timestamp with time zone,
  expires_at timestamp with time zone not null,
  attempts integer default 0,
  max_attempts integer default 3,
  created_at timestamp with time zone default CURRENT_TIMESTAMP,
  updated_at timestamp with time zone default CURRENT_TIMESTAMP
);
create table events (
  position bigint generated always as identity not null,
  stream_id text not null,
  version integer not null,
  type text not null,
  at timestamp with time zone not null,
  data jsonb not null
);
create table idempotency_keys (
  caller uuid not null,
  key_hash text not null,
  fingerprint text not null,
  stream_id text not null,
  version integer not null,
  created_at timestamp with time zone not null,
  answer text not null default 'requested'::text
);
create table installation (
  only_row boolean not null default true,
  epoch integer not null default 1,
  codes_cleaned_before timestamp with time zone not null default '-infinity'::timestamp with time zone,
  emails_cleaned_before timestamp with time zone not null default '-infinity'::timestamp with time zone
);
create table job_runs (
  id bigint generated always as identity not null,
  job text not null,
  slot timestamp with time zone not null,
  asked boolean not null default false,
  started_at timestamp with time zone,
  ended_at timestamp with time zone,
  count bigint,
  note text,
  error text
);
create table jobs (
  name text not null,
  pattern text not null,
  deadline_seconds integer not null
);
create table leases (
  name text not null,
  holder text not null,
  token bigint not null,
  expires_at timestamp with time zone not null
);
create table mails_sent (
  hour timestamp with time zone not null,
  sent bigint not null
);
create table outbox (
  otp_id uuid not null,
  mailing integer not null,
  stream_id text not null,
  version integer not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  claimed_until timestamp with time zone not null,
  tries integer not null default 0,
  unsure integer not null default 0,
  deferrals integer not null default 0
);
create table rate_windows (
  key text not null,
  started_at timestamp with time zone not null,
  count integer not null,
  empty_at timestamp with time zone not null default '-infinity'::timestamp with time zone,
  granted integer not null default 0
);
create table refresh_tokens (
  token_hash text not null,
  family uuid not null,
  account_id uuid not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone
);
create table schema_migrations (
  number integer not null,
  name text not null,
  checksum text not null,
  breaking boolean not null,
  applied_at timestamp with time zone not null default now()
);
create table sending_resumptions (
  at timestamp with time zone not null,
  by text not null
);
create table sessions (
  id uuid not null,
  account_id uuid not null,
  credentials_version integer not null,
  started_at timestamp with time zone not null default event_clock(),
  expires_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  ended_by text
);
create table sign_ins (
  id bigint generated always as identity not null,
  at timestamp with time zone not null default event_clock(),
  what text not null,
  account_id uuid,
  address_hash text,
  network text,
  done_by text
);
create table streams (
  id text not null,
  version integer not null,
  state jsonb not null,
  expires_at timestamp with time zone,
  state_version integer not null default 1
);
create table user_email_addresses (
  id integer not null default nextval('user_email_addresses_id_seq'::regclass),
  user_id uuid not null,
  email_address character varying(255) not null,
  is_verified boolean default false,
  verified_at timestamp with time zone,
  purpose character varying(50) default 'verification'::character varying,
  verification_method character varying(50) default 'otp'::character varying,
  created_at timestamp with time zone default CURRENT_TIMESTAMP,
  updated_at timestamp with time zone default CURRENT_TIMESTAMP
);

alter table accounts add constraint accounts_pkey PRIMARY KEY (id);
alter table accounts add constraint "an address has one account" UNIQUE (email);
alter table email_otp_verifications add constraint email_otp_verifications_pkey PRIMARY KEY (id);
alter table events add constraint "a version of a stream is one event" UNIQUE (stream_id, version);
alter table events add constraint events_pkey PRIMARY KEY ("position");
alter table idempotency_keys add constraint "a caller uses a key once" PRIMARY KEY (caller, key_hash);
alter table idempotency_keys add constraint "an answer is of two kinds" CHECK ((answer = ANY (ARRAY['requested'::text, 'already-verified'::text])));
alter table installation add constraint installation_pkey PRIMARY KEY (only_row);
alter table installation add constraint "there is one installation" CHECK (only_row);
alter table job_runs add constraint "a job runs once when it is due" UNIQUE (job, slot);
alter table job_runs add constraint job_runs_pkey PRIMARY KEY (id);
alter table jobs add constraint jobs_pkey PRIMARY KEY (name);
alter table leases add constraint "a lease has one token" UNIQUE (name, token);
alter table leases add constraint leases_pkey PRIMARY KEY (name);
alter table mails_sent add constraint mails_sent_pkey PRIMARY KEY (hour);
alter table outbox add constraint outbox_pkey PRIMARY KEY (otp_id, mailing);
alter table rate_windows add constraint rate_windows_pkey PRIMARY KEY (key);
alter table refresh_tokens add constraint refresh_tokens_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE;
alter table refresh_tokens add constraint refresh_tokens_pkey PRIMARY KEY (token_hash);
alter table schema_migrations add constraint schema_migrations_pkey PRIMARY KEY (number);
alter table sessions add constraint sessions_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE;
alter table sessions add constraint sessions_pkey PRIMARY KEY (id);
alter table sign_ins add constraint "a sign-in is of a kind" CHECK ((what = ANY (ARRAY['login'::text, 'failure'::text, 'logout'::text, 'reuse'::text, 'created'::text, 'reset'::text, 'disabled'::text, 'unlocked'::text])));
alter table sign_ins add constraint sign_ins_pkey PRIMARY KEY (id);
alter table streams add constraint "a stream has at least one event" CHECK ((version > 0));
alter table streams add constraint "an address has at most 254 characters" CHECK ((length(id) <= 254));
alter table streams add constraint streams_pkey PRIMARY KEY (id);
alter table user_email_addresses add constraint user_email_addresses_pkey PRIMARY KEY (id);
alter table user_email_addresses add constraint user_email_addresses_user_id_email_address_purpose_key UNIQUE (user_id, email_address, purpose);

CREATE UNIQUE INDEX "a code is imported once" ON public.events USING btree (((data ->> 'otpId'::text))) WHERE ((type = 'imported'::text) AND ((data ->> 'what'::text) = 'code'::text));
CREATE INDEX email_otp_verifications_by_age ON public.email_otp_verifications USING btree (created_at DESC, id);
CREATE INDEX events_by_time ON public.events USING brin (at);
CREATE INDEX events_that_came_back ON public.events USING btree (at) WHERE (type = ANY (ARRAY['bounced'::text, 'complained'::text]));
CREATE INDEX events_that_closed_an_address ON public.events USING btree (((data ->> 'addressHash'::text))) WHERE (type = 'erased'::text);
CREATE INDEX idempotency_keys_by_age ON public.idempotency_keys USING btree (created_at);
CREATE INDEX idx_email_otp_purpose_created ON public.email_otp_verifications USING btree (purpose, created_at) WHERE (verified = false);
CREATE INDEX idx_email_otp_verifications_email ON public.email_otp_verifications USING btree (email);
CREATE INDEX idx_email_otp_verifications_expires_at ON public.email_otp_verifications USING btree (expires_at);
CREATE INDEX idx_email_otp_verifications_user_id ON public.email_otp_verifications USING btree (user_id);
CREATE INDEX idx_user_email_addresses_email ON public.user_email_addresses USING btree (email_address);
CREATE INDEX idx_user_email_addresses_user_id ON public.user_email_addresses USING btree (user_id);
CREATE INDEX idx_user_email_addresses_verified ON public.user_email_addresses USING btree (is_verified);
CREATE INDEX job_runs_by_job ON public.job_runs USING btree (job, id);
CREATE INDEX job_runs_under_way ON public.job_runs USING btree (id) WHERE (ended_at IS NULL);
CREATE INDEX outbox_least_deferred_first ON public.outbox USING btree (deferrals, created_at);
CREATE INDEX rate_windows_by_age ON public.rate_windows USING btree (started_at);
CREATE INDEX refresh_tokens_by_account ON public.refresh_tokens USING btree (account_id);
CREATE INDEX refresh_tokens_by_age ON public.refresh_tokens USING btree (expires_at);
CREATE INDEX refresh_tokens_by_family ON public.refresh_tokens USING btree (family);
CREATE INDEX sessions_by_account ON public.sessions USING btree (account_id);
CREATE INDEX sessions_by_age ON public.sessions USING btree (expires_at);
CREATE INDEX sign_ins_by_account ON public.sign_ins USING btree (account_id, id);
CREATE INDEX sign_ins_by_age ON public.sign_ins USING btree (at);
CREATE INDEX sign_ins_by_network ON public.sign_ins USING btree (account_id, network, at) WHERE (what = 'login'::text);
CREATE INDEX streams_erased ON public.streams USING btree (id) WHERE (state ? 'erasedAt'::text);
CREATE INDEX streams_suppressed ON public.streams USING btree (id) WHERE (state ? 'suppression'::text);
CREATE INDEX streams_to_expire ON public.streams USING btree (expires_at) WHERE (expires_at IS NOT NULL);
CREATE INDEX user_email_addresses_latest_verified ON public.user_email_addresses USING btree (verified_at) WHERE is_verified;
CREATE INDEX user_email_addresses_to_clean_up ON public.user_email_addresses USING btree (updated_at) WHERE (NOT is_verified);

CREATE TRIGGER count_credentials_version BEFORE UPDATE ON public.accounts FOR EACH ROW WHEN (((new.password_hash IS DISTINCT FROM old.password_hash) OR (new.role IS DISTINCT FROM old.role) OR ((new.disabled_at IS NOT NULL) AND (old.disabled_at IS NULL)))) EXECUTE FUNCTION count_credentials_version();
CREATE TRIGGER refuse_stale_lease BEFORE INSERT OR DELETE OR UPDATE ON public.accounts FOR EACH STATEMENT WHEN ((current_setting('sealpost.lease_token'::text, true) <> ''::text)) EXECUTE FUNCTION refuse_stale_lease();
CREATE TRIGGER refuse_stale_lease BEFORE INSERT OR DELETE OR UPDATE ON public.email_otp_verifications FOR EACH STATEMENT WHEN ((current_setting('sealpost.lease_token'::text, true) <> ''::text)) EXECUTE FUNCTION refuse_stale_lease();
CREATE TRIGGER refuse_stale_lease BEFORE INSERT OR DELETE OR UPDATE ON public.events FOR EACH STATEMENT WHEN ((current_setting('sealpost.lease_token'::text, true) <> ''::text)) EXECUTE FUNCTION refuse_stale_lease();
CREATE TRIGGER refuse_stale_lease BEFORE INSERT OR DELETE OR UPDATE ON public.idempotency_keys FOR EACH STATEMENT WHEN ((current_setting('sealpost.lease_token'::text, true) <> ''::text)) EXECUTE FUNCTION refuse_stale_lease();
CREATE TRIGGER refuse_stale_lease BEFORE INSERT OR DELETE OR UPDATE ON public.installation FOR EACH STATEMENT WHEN ((current_setting('sealpost.lease_token'::text, true) <> ''::text)) EXECUTE FUNCTION refuse_stale_lease();
CREATE TRIGGER refuse_stale_lease BEFORE INSERT OR DELETE OR UPDATE ON public.job_runs FOR EACH STATEMENT WHEN ((current_setting('sealpost.lease_token'::text, true) <> ''::text)) EXECUTE FUNCTION refuse_stale_lease();
CREATE TRIGGER refuse_stale_lease BEFORE INSERT OR DELETE OR UPDATE ON public.jobs FOR EACH STATEMENT WHEN ((current_setting('sealpost.lease_token'::text, true) <> ''::text)) EXECUTE FUNCTION refuse_stale_lease();
CREATE TRIGGER refuse_stale_lease BEFORE INSERT OR DELETE OR UPDATE ON public.outbox FOR EACH STATEMENT WHEN ((current_setting('sealpost.lease_token'::text, true) <> ''::text)) EXECUTE FUNCTION refuse_stale_lease();
CREATE TRIGGER refuse_stale_lease BEFORE INSERT OR DELETE OR UPDATE ON public.rate_windows FOR EACH STATEMENT WHEN ((current_setting('sealpost.lease_token'::text, true) <> ''::text)) EXECUTE FUNCTION refuse_stale_lease();
CREATE TRIGGER refuse_stale_lease BEFORE INSERT OR DELETE OR UPDATE ON public.refresh_tokens FOR EACH STATEMENT WHEN ((current_setting('sealpost.lease_token'::text, true) <> ''::text)) EXECUTE FUNCTION refuse_stale_lease();
CREATE TRIGGER refuse_stale_lease BEFORE INSERT OR DELETE OR UPDATE ON public.streams FOR EACH STATEMENT WHEN ((current_setting('sealpost.lease_token'::text, true) <> ''::text)) EXECUTE FUNCTION refuse_stale_lease();
CREATE TRIGGER refuse_stale_lease BEFORE INSERT OR DELETE OR UPDATE ON public.user_email_addresses FOR EACH STATEMENT WHEN ((current_setting('sealpost.lease_token'::text, true) <> ''::text)) EXECUTE FUNCTION refuse_stale_lease();
CREATE TRIGGER refuse_stale_lease BEFORE INSERT OR DELETE OR UPDATE ON public.mails_sent FOR EACH STATEMENT WHEN ((current_setting('sealpost.lease_token'::text, true) <> ''::text)) EXECUTE FUNCTION refuse_stale_lease();
CREATE TRIGGER refuse_stale_lease BEFORE INSERT OR DELETE OR UPDATE ON public.sessions FOR EACH STATEMENT WHEN ((current_setting('sealpost.lease_token'::text, true) <> ''::text)) EXECUTE FUNCTION refuse_stale_lease();
CREATE TRIGGER refuse_stale_lease BEFORE INSERT OR DELETE OR UPDATE ON public.sign_ins FOR EACH STATEMENT WHEN ((current_setting('sealpost.lease_token'::text, true) <> ''::text)) EXECUTE FUNCTION refuse_stale_lease();
CREATE TRIGGER refuse_stale_lease BEFORE INSERT OR DELETE OR UPDATE ON public.sending_resumptions FOR EACH STATEMENT WHEN ((current_setting('sealpost.lease_token'::text, true) <> ''::text)) EXECUTE FUNCTION refuse_stale_lease();
CREATE TRIGGER require_session BEFORE INSERT ON public.refresh_tokens FOR EACH ROW EXECUTE FUNCTION require_session();
CREATE TRIGGER update_email_otp_verifications_updated_at BEFORE UPDATE ON public.email_otp_verifications FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER update_user_email_addresses_updated_at BEFORE UPDATE ON public.user_email_addresses FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

CREATE OR REPLACE FUNCTION public.count_credentials_version()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  new.credentials_version := old.credentials_version + 1;
  return new;
end;
$function$
;
CREATE OR REPLACE FUNCTION public.erase_stream(old_id text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  new_id constant text := 'erased-' || gen_random_uuid() || '@erased.invalid';
  users jsonb;
begin
  select coalesce(jsonb_object_agg(user_id, gen_random_uuid()), '{}') into users
  from (select distinct data ->> 'userId' as user_id from events where stream_id = old_id and data ? 'userId') as named;

  -- The log decides, which the running programs cannot change; what they may write elsewhere is not believed.
  if not exists (select from events where stream_id = old_id and type = 'erased') then
    return false;
  end if;
  update streams
  set id = new_id, state = replace_user_ids(case
    when state ? 'feedback' then jsonb_set(state, '{feedback,ids}', (
      select coalesce(jsonb_agg(''::text), '[]') from jsonb_array_elements(state -> 'feedback' -> 'ids')
    ))
    else state
  end, users)
  where id = old_id and id not like 'erased-%@erased.invalid';
  if not found then
    return false;
  end if;
  update events
  set stream_id = new_id,
    data = replace_user_ids(
      data - 'requestId' - 'traceparent'
        || case when data ? 'ipHash' then '{"ipHash": null}' else '{}' end::jsonb
        || case when data ? 'messageId' then '{"messageId": ""}' else '{}' end::jsonb
        || case when data ? 'words' then '{"words": ""}' else '{}' end::jsonb
        || case when data ? 'feedbackId' then '{"feedbackId": ""}' else '{}' end::jsonb,
      users
    )
  where stream_id = old_id;
  delete from rate_windows where key in (select 'user ' || user_id from jsonb_object_keys(users) as user_id);

  -- Rows are put in anew: an update would set updated_at, which a rebuild takes from the events.
  with gone as (
    delete from user_email_addresses where email_address = old_id returning *
  )
  insert into user_email_addresses
  select renewed.*
  from gone, jsonb_populate_record(null::user_email_addresses, to_jsonb(gone) || jsonb_build_object(
    'user_id', users -> gone.user_id::text, 'email_address', new_id
  )) as renewed;
  with gone as (
    delete from email_otp_verifications where email = old_id returning *
  )
  insert into email_otp_verifications
  select renewed.*
  from gone, jsonb_populate_record(null::email_otp_verifications, to_jsonb(gone) || jsonb_build_object(
    'user_id', users -> gone.user_id::text, 'email', new_id
  )) as renewed;
  delete from outbox where stream_id = old_id;
  delete from idempotency_keys where stream_id = old_id;
  return true;
end;
$function$
;
CREATE OR REPLACE FUNCTION public.event_clock()
 RETURNS timestamp with time zone
 LANGUAGE sql
AS $function$
  select date_trunc('milliseconds', clock_timestamp())
$function$
;
CREATE OR REPLACE FUNCTION public.forget_sign_ins(rows integer)
 RETURNS SETOF bigint
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  delete from sign_ins
  where ctid = any (array(
    select ctid from sign_ins where at < (select event_clock()) - interval '90 days' order by at limit rows
  ))
  returning id
$function$
;
CREATE OR REPLACE FUNCTION public.refuse_stale_lease()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  perform from leases
  where name = 'scheduler' and token = current_setting('sealpost.lease_token')::bigint
  for key share;
  if not found then
    raise exception 'the lease has passed to another scheduler' using errcode = 'SP001';
  end if;
  return null;
end;
$function$
;
CREATE OR REPLACE FUNCTION public.replace_user_ids(document jsonb, users jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 IMMUTABLE
AS $function$
begin
  return case jsonb_typeof(document)
    when 'object' then (
      select coalesce(jsonb_object_agg(key, case
        when key = 'userId' then coalesce(users -> (value #>> '{}'), value)
        else replace_user_ids(value, users)
      end), '{}')
      from jsonb_each(document)
    )
    when 'array' then (
      select coalesce(jsonb_agg(replace_user_ids(value, users) order by position), '[]')
      from jsonb_array_elements(document) with ordinality as e (value, position)
    )
    else document
  end;
end;
$function$
;
CREATE OR REPLACE FUNCTION public.reputation_since()
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE
AS $function$
  select greatest(
    event_clock() - interval '24 hours',
    (select max(at) from sending_resumptions where at <= (select event_clock()))
  )
$function$
;
CREATE OR REPLACE FUNCTION public.require_session()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
$function$
;
CREATE OR REPLACE FUNCTION public.reset_statistics()
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  perform pg_stat_reset();
  return true;
exception
  when insufficient_privilege then return false;
end;
$function$
;
CREATE OR REPLACE FUNCTION public.take_allowances(wishes jsonb)
 RETURNS jsonb
 LANGUAGE sql
AS $function$
  with asked as materialized (
    select key, n, max, window_seconds * interval '1 second' as span, burst, interval '1 second' / per_second as gap,
      event_clock() as now
    from jsonb_to_recordset(wishes)
      as a (key text, n integer, max integer, window_seconds float8, burst integer, per_second float8)
  ), taken as (
    insert into rate_windows as old (key, started_at, count, empty_at, granted)
    select key, now, g, case when gap is null then '-infinity' else now + g * gap end, g
    from asked, least(n, max, burst) as g
    order by key
    on conflict (key) do update set (started_at, count, empty_at, granted) = (
      select
        w.started_at,
        w.count + g.n,
        case when gap is null then old.empty_at else b.empty_at + g.n * gap end,
        g.n
      from asked,
      lateral (
        select
          case when is_over then now else old.started_at end as started_at,
          case when is_over then 0 else old.count end as count
        from (values (window_is_over(old.started_at, span, now))) as o (is_over)
      ) as w,
      lateral (
        select case
          when old.empty_at > now + burst * gap + interval '1 minute' then now
          else greatest(old.empty_at, now)
        end as empty_at
      ) as b,
      lateral (
        select greatest(0, least(
          asked.n,
          max - w.count,
          floor(burst - extract(epoch from b.empty_at - now) / extract(epoch from gap))
        ))::integer as n
      ) as g
      where asked.key = old.key
    )
    returning key, started_at, count, empty_at, granted
  )
  select coalesce(jsonb_agg(jsonb_build_object(
    'key', key,
    'granted', granted,
    'left', case when max is not null then greatest(0, max - count) end,
    'reset_seconds', ceil(extract(epoch from started_at + span - greatest(now, started_at))),
    'wait_seconds', greatest(0, case
      when count >= max then extract(epoch from started_at + span - greatest(now, started_at))
      when gap is not null then extract(epoch from empty_at - (burst - 1) * gap - now)
    end)
  )), '[]')
  from taken join asked using (key)
$function$
;
CREATE OR REPLACE FUNCTION public.update_updated_at_column()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if new.updated_at is not distinct from old.updated_at then
    new.updated_at = current_timestamp;
  end if;
  return new;
end;
$function$
;
CREATE OR REPLACE FUNCTION public.window_is_over(started_at timestamp with time zone, span interval, at timestamp with time zone)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$ select started_at + span <= at or started_at > at + interval '1 minute' $function$
;

create view email_verification_stats as
 SELECT date,
    purpose,
    count(*) AS total_attempts,
    count(*) FILTER (WHERE verified) AS successful_verifications,
    round((((count(*) FILTER (WHERE verified))::numeric * 100.0) / (count(*))::numeric), 2) AS success_rate
   FROM ( SELECT ((requested.at AT TIME ZONE 'UTC'::text))::date AS date,
            (requested.data ->> 'purpose'::text) AS purpose,
            (verified."position" IS NOT NULL) AS verified
           FROM (events requested
             LEFT JOIN events verified ON (((verified.stream_id = requested.stream_id) AND (verified.type = 'verified'::text) AND ((verified.data ->> 'otpId'::text) = (requested.data ->> 'otpId'::text)))))
          WHERE ((requested.type = 'requested'::text) AND ((requested.data ->> 'mailing'::text) = '1'::text) AND (requested.at >= ((((now() AT TIME ZONE 'UTC'::text))::date - 30) AT TIME ZONE 'UTC'::text)))
        UNION ALL
         SELECT ((((events.data ->> 'issuedAt'::text))::timestamp with time zone AT TIME ZONE 'UTC'::text))::date AS timezone,
            (events.data ->> 'purpose'::text),
            ((events.data ->> 'verifiedAt'::text) IS NOT NULL)
           FROM events
          WHERE ((events.type = 'imported'::text) AND ((events.data ->> 'what'::text) = 'code'::text) AND (((events.data ->> 'issuedAt'::text))::timestamp with time zone >= ((((now() AT TIME ZONE 'UTC'::text))::date - 30) AT TIME ZONE 'UTC'::text)))) codes
  GROUP BY date, purpose
  ORDER BY date DESC, purpose;
create view mails_that_came_back as
 SELECT report.type AS kind,
    report.stream_id,
    report.at,
    asked.user_id
   FROM (events report
     LEFT JOIN LATERAL ( SELECT (events.data ->> 'userId'::text) AS user_id
           FROM events
          WHERE ((events.stream_id = report.stream_id) AND (events.type = 'requested'::text) AND ((events.data ->> 'otpId'::text) = (report.data ->> 'otpId'::text)))
         LIMIT 1) asked ON (true))
  WHERE ((report.type = ANY (ARRAY['bounced'::text, 'complained'::text])) AND ((report.type = 'complained'::text) OR (((report.data -> 'permanent'::text) = 'true'::jsonb) AND ((report.data ->> 'subType'::text) <> 'OnAccountSuppressionList'::text))));

grant insert, maintain, select, update on accounts to sealpost_app;
grant delete, insert, maintain, select, update on email_otp_verifications to sealpost_app;
grant select on email_verification_stats to sealpost_app;
grant insert, maintain, select on events to sealpost_app;
grant select on events_position_seq to sealpost_app;
grant delete, insert, maintain, select, update on idempotency_keys to sealpost_app;
grant maintain, select on installation to sealpost_app;
grant delete, insert, maintain, select, update on job_runs to sealpost_app;
grant select on job_runs_id_seq to sealpost_app;
grant delete, insert, maintain, select, update on jobs to sealpost_app;
grant maintain, select, update on leases to sealpost_app;
grant delete, insert, maintain, select, update on mails_sent to sealpost_app;
grant select on mails_that_came_back to sealpost_app;
grant delete, insert, maintain, select, update on outbox to sealpost_app;
grant delete, insert, maintain, select, update on rate_windows to sealpost_app;
grant delete, insert, maintain, select, update on refresh_tokens to sealpost_app;
grant maintain, select on schema_migrations to sealpost_app;
grant insert, maintain, select on sending_resumptions to sealpost_app;
grant delete, insert, maintain, select, update on sessions to sealpost_app;
grant insert, maintain, select on sign_ins to sealpost_app;
grant select on sign_ins_id_seq to sealpost_app;
grant insert, maintain, select, update on streams to sealpost_app;
grant delete, insert, maintain, select, update on user_email_addresses to sealpost_app;
grant select, usage on user_email_addresses_id_seq to sealpost_app;
