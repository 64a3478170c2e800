/** Settings of the ports a process listens on. */
import { z } from 'zod';
import { port, setting } from '../runtime/settings.ts';

export const httpSettings = {
  NODE_ENV: setting(
    z.enum(['production', 'development', 'test'], 'must be production, development or test').default('development'),
    'production refuses the sample secrets of the deployment guide.',
  ),
  HOST: setting(z.string().default('0.0.0.0'), 'Address the API listens on.'),
  PORT: setting(port(3001), 'Port of the API.'),
  METRICS_HOST: setting(
    z.string().default('127.0.0.1'),
    'Address that /metrics is served on: of this machine alone, unless Prometheus is on another.',
  ),
  METRICS_PORT: setting(port(9464), 'Port of /metrics; keep it private.'),
};
