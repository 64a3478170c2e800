-- Erasing a person (GDPR 17): the address and the users' ids of a stream that says it is erased give way to made-up ones,
-- everywhere at once. The one gate through which the running programs change events: no count, time or act changes.
create function erase_stream(old_id text) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  new_id constant text := 'erased-' || gen_random_uuid() || '@erased.invalid';
  users jsonb;
  one record;
begin
  select coalesce(jsonb_object_agg(user_id, gen_random_uuid()), '{}') into users
  from (select distinct data ->> 'userId' as user_id from events where stream_id = old_id and data ? 'userId') as named;

  -- The log decides, which the running programs cannot change; what they may write elsewhere is not believed.
  if not exists (select from events where stream_id = old_id and type = 'erased') then
    return false;
  end if;
  update streams set id = new_id where id = old_id and id not like 'erased-%@erased.invalid';
  if not found then
    return false;
  end if;
  update events
  set stream_id = new_id, data = case when data ? 'ipHash' then data || '{"ipHash": null}' else data end
  where stream_id = old_id;
  for one in select key as was, value as becomes from jsonb_each_text(users) loop
    -- The users' ids alone: an admin who erased stands in `by`, and stays.
    update streams
    set state = replace(state::text, format('"userId": "%s"', one.was), format('"userId": "%s"', one.becomes))::jsonb
    where id = new_id;
    update events set data = data || jsonb_build_object('userId', one.becomes)
    where stream_id = new_id and data ->> 'userId' = one.was;
    delete from rate_windows where key = 'user ' || one.was;
  end loop;

  -- Rows are put in anew: an update would set updated_at, which a rebuild takes from the events.
  with gone as (
    delete from user_email_addresses where email_address = old_id returning *
  )
  insert into user_email_addresses
  select id, (users ->> user_id::text)::uuid, new_id, is_verified, verified_at, purpose, verification_method, created_at, updated_at
  from gone;
  with gone as (
    delete from email_otp_verifications where email = old_id returning *
  )
  insert into email_otp_verifications
  select id, (users ->> user_id::text)::uuid, new_id, otp, purpose, verified, verified_at, expires_at, attempts, max_attempts,
    created_at, updated_at
  from gone;
  delete from outbox where stream_id = old_id;
  delete from idempotency_keys where stream_id = old_id;
  return true;
end;
$$;

revoke execute on function erase_stream(text) from public;

create index streams_erased on streams (id) where state ? 'erasedAt';

do $$
begin
  if exists (select from pg_roles where rolname = 'sealpost_app') then
    grant execute on function erase_stream(text) to sealpost_app;
  end if;
end;
$$;
