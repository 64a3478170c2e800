-- Whether what was counted since started_at no longer counts: asked by the append, the load and take_allowances, which must agree.
create function window_is_over(started_at timestamptz, span interval, at timestamptz) returns boolean
language sql stable as $$ select started_at + span <= at $$;

-- As in 010, with the window's end asked of window_is_over; and nobody waits for longer than a window lasts: who waited for
-- another's statement judges by a moment that may lie before the window that this one began.
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
        case when gap is null then old.empty_at else greatest(old.empty_at, now) + g.n * gap end,
        g.n
      from asked,
      lateral (
        select
          case when is_over then now else old.started_at end as started_at,
          case when is_over then 0 else old.count end as count
        from (values (window_is_over(old.started_at, span, now))) as o (is_over)
      ) as w,
      lateral (
        select greatest(0, least(
          asked.n,
          max - w.count,
          floor(burst - extract(epoch from greatest(old.empty_at, now) - now) / extract(epoch from gap))
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
