-- As in 020; and what the mail service said of a mail goes too, which may name the recipient, and its ids, by which its logs do.
create or replace function erase_stream(old_id text) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
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
      data
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
$$;

-- The planner keeps samples of a column's values, which an erasure does not reach: of columns that stand for a person it takes
-- none from now on. Those of before go where this login may remove them: before PostgreSQL 18 only a superuser may.
do $$
declare
  named record;
begin
  for named in
    select * from (values
      ('streams', 'id'), ('streams', 'state'),
      ('events', 'stream_id'), ('events', 'data'),
      ('user_email_addresses', 'user_id'), ('user_email_addresses', 'email_address'),
      ('email_otp_verifications', 'user_id'), ('email_otp_verifications', 'email'),
      ('outbox', 'stream_id'), ('rate_windows', 'key'),
      ('idempotency_keys', 'caller'), ('idempotency_keys', 'stream_id'), ('idempotency_keys', 'key_hash'),
      ('idempotency_keys', 'fingerprint')
    ) as n (tab, col)
  loop
    execute format('alter table %I alter column %I set statistics 0', named.tab, named.col);
    begin
      if current_setting('server_version_num')::integer >= 180000 then
        execute format('select pg_clear_attribute_stats(current_schema(), %L, %L, false)', named.tab, named.col);
      else
        delete from pg_statistic
        where starelid = named.tab::regclass
          and staattnum = (select attnum from pg_attribute where attrelid = named.tab::regclass and attname = named.col);
      end if;
    exception
      when insufficient_privilege then
        raise notice 'samples of %.% that the planner took before stay until a superuser removes them: docs/own-postgresql.md',
          named.tab, named.col;
    end;
  end loop;
end;
$$;
