-- Which statements are slow, where the server keeps count of them. Without it the rest works as before, and "sealpost db slow"
-- says what to do.
do $$
begin
  if current_setting('pg_stat_statements.max', true) is null then
    raise notice 'pg_stat_statements is not loaded: "sealpost db slow" will say how to load it';
    return;
  end if;
  create extension if not exists pg_stat_statements;
exception
  when insufficient_privilege or undefined_file or feature_not_supported then
    raise notice 'pg_stat_statements cannot be created (%): "sealpost db slow" will say who can', sqlerrm;
end;
$$;
