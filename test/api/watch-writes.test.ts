/** Whether what is to be recorded is: by what the store said of late. In a file of its own: no api runs while the clock stands still. */
import { expect, test } from 'vitest';
import { createWriteWatch } from '../../services/api/watch-writes.ts';
import { StoreUnavailable } from '../../services/store/database.ts';
import { moved, stopTheClock } from '../support/sender.ts';

const full = new StoreUnavailable('full', { cause: { code: '53100' } });

test('what failed is forgotten after 20 s, since nobody may ask for hours', async () => {
  stopTheClock();
  const watch = createWriteWatch();
  expect(watch.fails()).toBe(false);
  watch.saw(full);
  await moved(19_999);
  expect(watch.fails()).toBe(true);
  await moved(1);
  expect(watch.fails()).toBe(false);
  watch.saw(full);
  watch.saw(undefined);
  expect(watch.fails()).toBe(false);
});

test('one statement that lost its connection or its time is no such thing, two in a row are', () => {
  const watch = createWriteWatch();
  const once = new StoreUnavailable('late', { cause: { code: '57014' } });
  watch.saw(once);
  expect(watch.fails()).toBe(false);
  watch.saw(undefined);
  watch.saw(once);
  expect(watch.fails()).toBe(false);
  watch.saw(once);
  expect(watch.fails()).toBe(true);
});
