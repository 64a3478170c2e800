/** What the service answered and the store has not taken yet: kept in hand while the store is away. */
import type { Command } from '../core/decide.ts';
import { retry } from '../runtime/repeat.ts';
import type { Outbox } from './outbox.ts';

/** Records what became of a mail, trying until the deadline by performance.now() or the stop. */
export type RecordOutcome = (command: Command, deadline: number) => Promise<void>;

export function createOutcomes(outbox: Outbox, stopping: AbortSignal): RecordOutcome {
  return async (command, deadline) => {
    let attempts = 0;
    await retry(stopping, deadline, () => {
      const mayBeRecorded = attempts++ > 0;
      return outbox.record(command.type === 'record-sent' ? { ...command, mayBeRecorded } : command);
    });
  };
}
