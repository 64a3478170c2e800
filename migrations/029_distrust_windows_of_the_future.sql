-- A window that began more than a minute from now was begun by a clock that was wrong: it is over, and whoever counts in it next begins
-- a new one. Without this it would last until that moment has come and gone.
create or replace function window_is_over(started_at timestamptz, span interval, at timestamptz) returns boolean
language sql stable as $$ select started_at + span <= at or started_at > at + interval '1 minute' $$;

-- As in 019; and a bucket that is emptier than one can be is full again.
create or replace function take_allowances(wishes jsonb) returns jsonb language sql volatile as $$
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
$$;
