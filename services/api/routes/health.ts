/** GET and HEAD /health: OK only while the store answers; live says the process runs, ready that it should get requests. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { answered } from '../../store/database.ts';
import { ping } from '../../store/queries.ts';
import type { AppEnv, Services } from '../env.ts';
import { Refused } from '../problem.ts';

const TIMEOUT_MILLISECONDS = 1000;

export function health(app: OpenAPIHono<AppEnv>, { sql, isDraining }: Services): void {
  const ready = async (c: Context<AppEnv>) => {
    if (isDraining())
      throw new Refused('store_unavailable', { detail: 'This process is stopping.', retryAfterSeconds: 1 });
    await answered(ping(sql), TIMEOUT_MILLISECONDS);
    return c.json({ status: 'OK' });
  };
  app.get('/health', ready);
  app.get('/health/ready', ready);
  app.get('/health/live', (c) => c.json({ status: 'OK' }));
}
