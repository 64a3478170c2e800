/** The api as a process of its own: settings from the environment, SIGTERM drains. */
import { runMain } from '../runtime/main.ts';
import { stopOnSignals } from '../runtime/stop.ts';
import { watchHeap } from '../runtime/watch-heap.ts';
import { readApiConfig } from './config.ts';
import { startApi } from './start.ts';

await runMain(async () => {
  const api = await startApi(readApiConfig(process.env));
  watchHeap(api.log);
  stopOnSignals(api.log, [api.stop]);
});
