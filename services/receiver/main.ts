/** The receiver of the WAL as a process of its own. */
import { createLog } from '../runtime/log.ts';
import { runMain } from '../runtime/main.ts';
import { runUntilStopped } from '../runtime/stop.ts';
import { readReceiverConfig } from './config.ts';
import { startReceiver } from './start.ts';

await runMain(async () => {
  const config = readReceiverConfig(process.env);
  const log = createLog({ service: 'receiver', ...config.log });
  await runUntilStopped(log, () => startReceiver(config, log));
});
