/** Stops the rules' clock, so that a boundary can be met to the millisecond. */
import type { TestDatabase } from './database.ts';

/** From now on the rules' clock stands at this moment; setClockAhead lets it run again. */
export async function stopClockAt({ owner }: TestDatabase, moment: string): Promise<void> {
  await owner.unsafe(`
    create or replace function event_clock() returns timestamptz language sql volatile as
    $$ select timestamptz '${moment}' $$
  `);
}
