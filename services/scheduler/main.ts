/** The scheduler as a process of its own. */
import { createLog } from '../runtime/log.ts';
import { runMain } from '../runtime/main.ts';
import { runUntilStopped } from '../runtime/stop.ts';
import { readSchedulerConfig } from './config.ts';
import { startScheduler } from './start.ts';

await runMain(async () => {
  const config = readSchedulerConfig(process.env);
  const log = createLog({ service: 'scheduler', ...config.log });
  await runUntilStopped(log, () => startScheduler(config, log));
});
