-- An event knows the request that asked, and its place in a trace; whoever keeps those beside a person's name would know the person by them.
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
$$;
