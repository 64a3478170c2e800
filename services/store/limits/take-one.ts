/** Takes one of a limit, and of the wider ones around it; what many ask for at the same time is one statement. */
import type { Sql } from '../database.ts';
import { type Grant, type Limit, type Limited, type LimitRequest, take, takeWithin, type WiderLimit } from './take.ts';
import type { LimitKey } from './window.ts';

/** `within`: at most two wider limits, the narrower first, all of which have to grant it. */
export type TakeOne = (key: LimitKey, limit: Limit, within?: readonly Limited[]) => Promise<Grant>;

type Waiting = Readonly<{
  /** From narrow to wide. */
  limits: readonly [Limited, ...Limited[]];
  resolve: (one: Grant) => void;
  reject: (error: unknown) => void;
}>;

/**
 * Makes the function that takes one of a key. All that is asked while a statement is under way goes into the next one,
 * so that a flood costs one statement a round trip. `granted` is 1 or 0; the rest is of the key itself, but how long to
 * wait, which is said of the limit that refused. Throws StoreUnavailable.
 */
export function createTakeOne(sql: Sql): TakeOne {
  let waiting: Waiting[] = [];
  let running = false;

  return (key, limit, within = []) =>
    new Promise((resolve, reject) => {
      waiting.push({ limits: [{ key, limit }, ...within], resolve, reject });
      if (running) return;
      running = true;
      setImmediate(run);
    });

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      await serve(batch);
    }
    running = false;
  }

  async function serve(batch: readonly Waiting[]): Promise<void> {
    try {
      const grants = await takeAll(sql, batch);
      const left = new Map<LimitKey, number>();
      for (const { limits, resolve } of batch) resolve(oneOf(limits, grants, left));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}

function takeAll(sql: Sql, batch: readonly Waiting[]): Promise<ReadonlyMap<LimitKey, Grant>> {
  const requests = new Map<LimitKey, LimitRequest>();
  const wider = new Map<LimitKey, WiderLimit>();
  for (const { limits } of batch) {
    const [own] = limits;
    requests.set(own.key, { ...own, n: 1 + (requests.get(own.key)?.n ?? 0) });
    for (const [index, { key: of }] of limits.entries()) {
      const next = limits[index + 1];
      if (next) wider.set(of, { ...next, of });
    }
  }
  const all = [...requests.values()];
  return wider.size === 0 ? take(sql, all) : takeWithin(sql, all, [...wider.values()]);
}

/** In the order in which they asked; `left` is what is still to be given away of each grant. */
function oneOf(limits: Waiting['limits'], grants: ReadonlyMap<LimitKey, Grant>, left: Map<LimitKey, number>): Grant {
  const grantOf = ({ key }: Limited): Grant => {
    const grant = grants.get(key);
    if (!grant) throw new Error('A limit was not judged.');
    return grant;
  };
  const gives = (limited: Limited): boolean => {
    const open = left.get(limited.key) ?? grantOf(limited).granted;
    if (open > 0) left.set(limited.key, open - 1);
    return open > 0;
  };
  const [narrowest] = limits;
  const own = grantOf(narrowest);
  const refusing = limits.find((one) => !gives(one));
  const { waitMilliseconds, retryAfterSeconds } = grantOf(refusing ?? narrowest);
  return {
    granted: refusing ? 0 : 1,
    left: own.left + (left.get(narrowest.key) ?? 0),
    resetSeconds: own.resetSeconds,
    waitMilliseconds,
    retryAfterSeconds,
  };
}
