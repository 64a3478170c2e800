/**
 * The one path that records. Commands that arrive while a statement is under way are decided together and appended in
 * one statement (a group commit in the application): two statements for a whole batch, whatever its size.
 */
import type { Command } from '../core/decide.ts';
import type { Recorded } from '../core/events.ts';
import { lostRacesMax } from '../core/policy.ts';
import type { AddressState } from '../core/state.ts';
import { record } from './append.ts';
import { type Sql, StoreUnavailable, violates } from './database.ts';
import { keepAlreadyVerified, keyName } from './idempotency.ts';
import { planBatch, type PlanOptions } from './plan-batch.ts';
import type { Asked, Handled, HandleOptions, StreamPlan } from './plan.ts';

type Step = 'load' | 'append';

export type HandlerOptions = PlanOptions &
  Readonly<{
    timeoutMilliseconds: number;
    /** Batches under way at once; a stream always belongs to the same lane, so that lanes never race each other. */
    lanes: number;
    onBatch?: (batch: Readonly<{ commands: number; lostRaces: number; milliseconds: number }>) => void;
    /** Told how long the store took for a batch: to load and decide it, and to append what there was. */
    onStep?: (step: Step, milliseconds: number) => void;
    /** Told what was recorded of an address, and the state that it led to. */
    onRecorded?: (events: readonly Recorded[], state: AddressState) => void;
    /** Told of each batch that was to be recorded whether the store took it. */
    onStore?: (failure: StoreUnavailable | undefined) => void;
  }>;

export type Handler = Readonly<{
  /** Resolves once the outcome is durable. Throws StoreUnavailable when it may be unknown whether it was recorded. */
  handle(command: Command, options?: HandleOptions): Promise<Handled>;
  /** Commands waiting or under way. */
  pending(): number;
}>;

type Item = Asked & {
  resolve: (handled: Handled) => void;
  reject: (error: Error) => void;
  readonly deadline: number;
  lostRaces: number;
};

const LATE = 'The database did not answer in time.';
const BATCH_MAX = 512;
const QUEUE_MAX = 20_000;

export function createHandler(options: HandlerOptions): Handler {
  const keysUnderWay = new Set<string>();
  const lanes = Array.from({ length: options.lanes }, () => createLane(options));
  let pending = 0;

  return { handle, pending: () => pending };

  async function handle(command: Command, use: HandleOptions = {}): Promise<Handled> {
    if (pending >= QUEUE_MAX) throw new StoreUnavailable('Too many commands are waiting for the database.');
    const key = use.key && keyName(use.key);
    if (key && keysUnderWay.has(key)) {
      return { kind: 'rejected', rejection: { code: 'idempotency_in_progress', retryAfterSeconds: 1 } };
    }
    if (key) keysUnderWay.add(key);
    pending++;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<Handled>((resolve, reject) => {
        const deadline = performance.now() + options.timeoutMilliseconds;
        // Wherever it is by then, in the queue or in a statement.
        timer = setTimeout(() => reject(new StoreUnavailable(LATE)), options.timeoutMilliseconds);
        lanes[laneOf(command.address, lanes.length)]?.({
          command,
          options: use,
          resolve,
          reject,
          deadline,
          lostRaces: 0,
        });
      });
    } finally {
      clearTimeout(timer);
      pending--;
      if (key) keysUnderWay.delete(key);
    }
  }
}

function laneOf(address: string, lanes: number): number {
  let hash = 0;
  for (let index = 0; index < address.length; index++) hash = (hash * 31 + address.charCodeAt(index)) | 0;
  return Math.abs(hash) % lanes;
}

/** One lane: a queue and the batch under way. Returns the function that adds to the queue. */
function createLane(options: HandlerOptions): (item: Item) => void {
  const { sql, onBatch, onRecorded, onStep } = options;
  const racesMax = lostRacesMax(options.policy);
  /** Drawn for rows that were not made in the end: the next batch's. */
  const spareIds: number[] = [];
  let queue: Item[] = [];
  let running = false;

  return (item) => {
    queue.push(item);
    // The turn ends first, so that all that arrived in it makes one batch.
    if (!running) {
      running = true;
      setImmediate(run);
    }
  };

  async function run(): Promise<void> {
    while (queue.length > 0) {
      const batch = queue.slice(0, BATCH_MAX);
      queue = queue.slice(BATCH_MAX);
      const started = performance.now();
      const lost = await attempt(batch.filter(({ deadline }) => performance.now() < deadline));
      onBatch?.({ commands: batch.length, lostRaces: lost.length, milliseconds: performance.now() - started });
      queue = [...lost.filter((item) => mayRetry(item, racesMax)), ...queue];
    }
    running = false;
  }

  /** Settles what it can and returns the commands that lost their race, to be decided again. */
  async function attempt(batch: readonly Item[]): Promise<readonly Item[]> {
    if (batch.length === 0) return [];
    try {
      const plans = await timed('load', () => planBatch(options, batch, spareIds), onStep);
      const additions = plans.flatMap(({ addition }) => addition ?? []);
      const told = additions.length > 0 ? onStep : undefined;
      const won = await timed('append', () => record(sql, additions, options.onStore), told);
      const isLost = ({ addition }: StreamPlan<Item>): boolean => !!addition && !won.has(addition.address);
      for (const { addition, outcomes } of plans.filter((one) => !isLost(one))) {
        if (addition) onRecorded?.(addition.events, addition.state);
        for (const [item, outcome] of outcomes) void settle(sql, item, outcome);
      }
      return plans.filter(isLost).flatMap(({ outcomes }) => outcomes.map(([item]) => item));
    } catch (error) {
      return retryAlone(batch, error instanceof Error ? error : new Error('A batch failed.', { cause: error }));
    }
  }

  // One bad command must not fail its neighbours: when it is not the store that is away, each is tried alone.
  async function retryAlone(batch: readonly Item[], error: Error): Promise<readonly Item[]> {
    if (violates(error, 'a caller uses a key once') && batch.length === 1) return batch;
    if (batch.length === 1 || error instanceof StoreUnavailable) {
      for (const item of batch) item.reject(error);
      return [];
    }
    const lost: Item[] = [];
    for (const item of batch) lost.push(...(await attempt([item])));
    return lost;
  }
}

async function timed<T>(step: Step, work: () => Promise<T>, onStep: HandlerOptions['onStep']): Promise<T> {
  const began = performance.now();
  const value = await work();
  onStep?.(step, performance.now() - began);
  return value;
}

function mayRetry(item: Item, racesMax: number): boolean {
  item.lostRaces++;
  const giveUp = item.lostRaces > racesMax;
  if (giveUp) item.reject(new StoreUnavailable('The address is too busy.'));
  return !giveUp;
}

// That an address was verified already has no event: under a key it is kept before it is answered.
async function settle(sql: Sql, item: Item, outcome: Handled | Error): Promise<void> {
  if (outcome instanceof Error) return item.reject(outcome);
  try {
    const { key } = item.options;
    if (key && outcome.kind === 'unchanged' && outcome.because === 'already-verified') {
      await keepAlreadyVerified(sql, key, item.command.address);
    }
    item.resolve(outcome);
  } catch (error) {
    item.reject(error instanceof Error ? error : new Error('An answer could not be kept.', { cause: error }));
  }
}
