/** GET and HEAD /health: OK only while the store answers and records; live says the process runs, ready that it should get requests. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { pingPrimary } from '../../store/queries.ts';
import { jsonAnswer } from '../describe.ts';
import type { Tag } from '../description/tags.ts';
import type { AppEnv } from '../env.ts';
import { Refused } from '../http/problem.ts';
import { type BoundedSql, StoreUnavailable } from '../../store/database.ts';

const TIMEOUT_MILLISECONDS = 1000;

/** Nobody needs a token to ask: however many do, the database is asked once in this time. */
const ASKED_EVERY_MILLISECONDS = 1000;

const NO_WRITES = 'The database answers, but does not record: its disk may be full.';

const WELL = { status: 'OK' as const };
const ALLOW = { Allow: 'GET, HEAD, OPTIONS' };

const answer = jsonAnswer(z.object({ status: z.literal('OK') }).openapi('HealthAnswer'), 'It is well.');

const tags: Tag[] = ['Health'];

const ready = {
  method: 'get' as const,
  tags,
  summary: 'Whether it can serve',
  description:
    'Whether the database answers and records, and the process is not stopping. Asked of the database once a second at most.',
  responses: { 200: answer },
};

const routes = [
  createRoute({ ...ready, operationId: 'getHealth', path: '/health' }),
  createRoute({
    ...ready,
    operationId: 'getReadiness',
    path: '/health/ready',
    summary: 'Whether it should get requests',
  }),
] as const;

const live = createRoute({
  method: 'get',
  operationId: 'getLiveness',
  path: '/health/live',
  tags,
  summary: 'Whether the process runs',
  description: 'Whatever the database does: whoever restarts processes asks this.',
  responses: { 200: answer },
});

type Needs = Readonly<{
  sql: BoundedSql;
  /** True once the process was told to stop: ready no more. */
  isDraining: () => boolean;
  /** True while what was to be recorded was not. */
  writesFail: () => boolean;
}>;

export function health(app: OpenAPIHono<AppEnv>, { sql, isDraining, writesFail }: Needs): void {
  const ping = shared(() => pingPrimary(sql.within(TIMEOUT_MILLISECONDS)));
  for (const route of routes) {
    app.openapi(route, async (c) => {
      await requireReady();
      return c.json(WELL, 200);
    });
    // Load balancers ask by this method too (`OPTIONS /health HTTP/1.0`).
    app.on('OPTIONS', route.path, async (c) => {
      await requireReady();
      return c.json(WELL, 200, ALLOW);
    });
  }
  app.openapi(live, (c) => c.json(WELL, 200));
  app.on('OPTIONS', '/health/live', (c) => c.json(WELL, 200, ALLOW));

  async function requireReady(): Promise<void> {
    if (isDraining()) {
      throw new Refused('store_unavailable', { detail: 'This process is stopping.', retryAfterSeconds: 1 });
    }
    await ping().catch(refuseQuietly);
    if (writesFail()) throw new Refused('store_unavailable', { detail: NO_WRITES, retryAfterSeconds: 1 });
  }
}

// Asked for as often as anybody likes, it leaves no line of its own: what the process does continuously tells of the store.
function refuseQuietly(error: unknown): never {
  if (!(error instanceof StoreUnavailable)) throw error;
  throw new Refused('store_unavailable', { retryAfterSeconds: error.retryAfterSeconds });
}

/** One try at a time, whose outcome is everybody's while it is under way and until the next is due. */
function shared(work: () => Promise<void>): () => Promise<void> {
  let newest: Promise<void> | undefined;
  let beganAt = -Infinity;
  let underWay = false;
  const settle = () => void (underWay = false);
  return () => {
    if (newest && (underWay || performance.now() - beganAt < ASKED_EVERY_MILLISECONDS)) return newest;
    beganAt = performance.now();
    underWay = true;
    newest = work();
    newest.then(settle, settle);
    return newest;
  };
}
