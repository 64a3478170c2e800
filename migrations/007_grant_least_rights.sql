-- What the running programs may do, as a group role that login roles are put in. Nobody but the owner can change or
-- delete an event. Where the migrating user may not create roles, it is the owner who serves, and nothing is granted.
do $$
begin
  if not exists (select from pg_roles where rolname = 'sealpost_app') then
    begin
      create role sealpost_app nologin;
    exception
      when duplicate_object or unique_violation then null;
      when insufficient_privilege then
        raise notice 'no right to create the role sealpost_app: nothing is granted';
        return;
    end;
  end if;
  grant usage on schema public to sealpost_app;
  grant select, insert on events to sealpost_app;
  grant select, insert, update on streams to sealpost_app;
  grant select, insert, update, delete on outbox, idempotency_keys to sealpost_app;
  grant select, insert, update, delete on user_email_addresses, email_otp_verifications to sealpost_app;
  grant usage on sequence user_email_addresses_id_seq to sealpost_app;
  grant select on installation, email_verification_stats, schema_migrations to sealpost_app;
end;
$$;
