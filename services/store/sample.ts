/** Compares some addresses drawn by chance: is what their events say what their rows say? Cheap, and beside the writers. */
import type { Sql } from './database.ts';
import { derive, differencesOf, type EventRow, storiesOf } from './derive.ts';

export type Sample = Readonly<{ addresses: number; rowsDiffering: number }>;

/** Draws so many events and compares their addresses; one that is written to meanwhile is left out. */
export async function compareSample(sql: Sql, draws: number): Promise<Sample> {
  const stories = storiesOf(await drawStories(sql, draws));
  const addresses = stories.map(([{ stream_id }]) => stream_id);
  const found = await differencesOf(sql, addresses, derive(stories));
  return { addresses: stories.length, rowsDiffering: found.filter(({ wrong, settled }) => wrong && settled).length };
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
    select story.*
    from picked, lateral (
      select stream_id, version, type, (extract(epoch from at) * 1000)::float8 as at, data
      from events
      where events.stream_id = picked.stream_id
      offset 0
    ) as story
    order by stream_id, version
  `;
}
