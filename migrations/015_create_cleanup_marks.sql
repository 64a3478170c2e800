-- The guide's weekly and monthly clean-up of the read tables. How far it went stands here, so that a rebuild leaves out
-- the same rows; the log keeps every event.
alter table installation
  add column codes_cleaned_before timestamptz not null default '-infinity',
  add column emails_cleaned_before timestamptz not null default '-infinity';

do $$
begin
  if exists (select from pg_roles where rolname = 'sealpost_app') then
    grant update (codes_cleaned_before, emails_cleaned_before) on installation to sealpost_app;
  end if;
end;
$$;
