/** The api as a process of its own: settings from the environment, SIGTERM drains. */
import { createLog } from '../runtime/log.ts';
import { runMain } from '../runtime/main.ts';
import { runUntilStopped } from '../runtime/stop.ts';
import { readApiConfig } from './config.ts';
import { startApi } from './start.ts';

await runMain(async () => {
  const config = readApiConfig(process.env);
  const log = createLog({ service: 'api', ...config.log });
  await runUntilStopped(log, () => startApi(config, log));
});
