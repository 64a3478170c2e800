/** Reads the stories of some addresses in a transaction, however long they are. */
import type postgres from 'postgres';
import { type EventRow, storiesOf, type Story } from './derive.ts';

/** The stories of these, some at a time. A cursor of the server, so that its connection can compare what it gave. */
export async function* readStories(
  sql: postgres.TransactionSql,
  addresses: readonly string[],
): AsyncGenerator<readonly Story[]> {
  await sql`
    declare log no scroll cursor for
    select story.*
    from jsonb_array_elements_text(${sql.json(addresses)}) as address, lateral (
      select stream_id, version, type, (extract(epoch from at) * 1000)::float8 as at, data
      from events
      where stream_id = address
      offset 0
    ) as story
    order by stream_id, version
  `;
  let begun: readonly EventRow[] = [];
  for (let over = false; !over;) {
    const events = await sql<EventRow[]>`fetch 2000 from log`;
    over = events.length === 0;
    const stories = storiesOf([...begun, ...events]);
    // The last one may go on.
    begun = over ? [] : (stories.at(-1) ?? []);
    const whole = over ? stories : stories.slice(0, -1);
    if (whole.length > 0) yield whole;
  }
}
