-- pg_dump by the scheduler's own login: of a sequence it reads the value.
do $$
begin
  if exists (select from pg_roles where rolname = 'sealpost_app') then
    grant select on all sequences in schema public to sealpost_app;
  end if;
end;
$$;
