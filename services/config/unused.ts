/** Settings of the guide's system that Sealpost accepts and does not need. */
import { z } from 'zod';
import { port, secret, setting } from '../runtime/settings.ts';

const notNeeded = 'Accepted and ignored: PostgreSQL does what Redis did.';

export const unusedSettings = {
  REDIS_HOST: setting(z.string().optional(), notNeeded),
  REDIS_PORT: setting(port(6379), notNeeded),
  REDIS_PASSWORD: secret(z.string().optional(), notNeeded),
};
