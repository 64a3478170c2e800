/** The receiver of the WAL as a process of its own. */
import { runMain } from '../runtime/main.ts';
import { stopOnSignals } from '../runtime/stop.ts';
import { watchHeap } from '../runtime/watch-heap.ts';
import { readReceiverConfig } from './config.ts';
import { startReceiver } from './start.ts';

await runMain(async () => {
  const receiver = await startReceiver(readReceiverConfig(process.env));
  watchHeap(receiver.log);
  stopOnSignals(receiver.log, [receiver.stop]);
});
