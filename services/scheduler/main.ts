/** The scheduler as a process of its own. */
import { runMain } from '../runtime/main.ts';
import { stopOnSignals } from '../runtime/stop.ts';
import { watchHeap } from '../runtime/watch-heap.ts';
import { readSchedulerConfig } from './config.ts';
import { startScheduler } from './start.ts';

await runMain(async () => {
  const scheduler = await startScheduler(readSchedulerConfig(process.env));
  watchHeap(scheduler.log);
  stopOnSignals(scheduler.log, [scheduler.stop]);
});
