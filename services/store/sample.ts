/** Compares some addresses drawn by chance: is what their events say what their rows say? Cheap, and beside the writers. */
import type postgres from 'postgres';
import type { Sql } from './database.ts';
import { type EventRow, fold } from './rebuild.ts';

export type Sample = Readonly<{ addresses: number; rowsDiffering: number }>;

/** Draws so many events and compares their addresses; one that is written to meanwhile is left out. */
export async function compareSample(sql: Sql, draws: number): Promise<Sample> {
  const stories = Map.groupBy(await drawStories(sql, draws), ({ stream_id }) => stream_id);
  const rebuilt = [...stories].map(([address, story]) => fold(address, story));
  const json = (rows: readonly object[]) => sql.json(rows as postgres.JSONValue);
  const [row] = await sql<[{ differing: number }]>`
    with settled as (
      select
        rebuilt.id,
        case
          when streams.state_version = rebuilt.state_version then streams is distinct from rebuilt
          else streams.expires_at is distinct from rebuilt.expires_at
        end as differs
      from jsonb_populate_recordset(null::streams, ${json(rebuilt.map(({ stream }) => stream))}) as rebuilt
      join streams on streams.id = rebuilt.id and streams.version = rebuilt.version
    ),
    emails as (
      select *
      from jsonb_populate_recordset(null::user_email_addresses, ${json(rebuilt.flatMap(({ emails }) => emails))})
      where is_verified or updated_at >= (select emails_cleaned_before from installation)
    ),
    codes as (
      select *
      from jsonb_populate_recordset(null::email_otp_verifications, ${json(rebuilt.flatMap(({ codes }) => codes))})
      where expires_at >= (select codes_cleaned_before from installation)
    )
    select (
      (select count(*) from settled where differs) + (
        select count(*)
        from (select * from user_email_addresses where email_address in (select id from settled)) as present
        full join (select * from emails where email_address in (select id from settled)) as rebuilt using (id)
        where present is distinct from rebuilt
      ) + (
        select count(*)
        from (select * from email_otp_verifications where email in (select id from settled)) as present
        full join (select * from codes where email in (select id from settled)) as rebuilt using (id)
        where present is distinct from rebuilt
      )
    )::float8 as differing
  `;
  return { addresses: stories.size, rowsDiffering: row.differing };
}

function drawStories(sql: Sql, draws: number): Promise<readonly EventRow[]> {
  return sql<EventRow[]>`
    with drawn as (
      select (1 + floor(random() * (select max(position) from events)))::bigint as position
      from generate_series(1, ${draws})
    ),
    picked as (
      select distinct stream_id
      from drawn
      join events using (position)
    )
    select stream_id, version, type, (extract(epoch from at) * 1000)::float8 as at, data
    from picked
    join events using (stream_id)
    order by stream_id, version
  `;
}
