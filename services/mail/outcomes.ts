/** What the service answered and the store has not taken yet: kept in hand while the store is away. */
import type { Command } from '../core/decide.ts';
import { type Mail, mailName } from '../core/mail.ts';
import { retry } from '../runtime/repeat.ts';
import type { Outbox } from './outbox.ts';

export type Outcomes = Readonly<{
  /** Records what became of the mail, trying until the deadline by performance.now() or the stop. */
  record(command: Command, mail: Mail, deadline: number): Promise<void>;
  /** Whether the service has answered for the mail, which is then not to be sent again, whoever claims it meanwhile. */
  isAnswered(mail: Mail): boolean;
}>;

export function createOutcomes(outbox: Outbox, stopping: AbortSignal): Outcomes {
  const answered = new Set<string>();
  return {
    isAnswered: (mail) => answered.has(mailName(mail)),
    record: async (command, mail, deadline) => {
      answered.add(mailName(mail));
      let attempts = 0;
      await retry(stopping, deadline, () => {
        const mayBeRecorded = attempts++ > 0;
        return outbox.record(command.type === 'record-sent' ? { ...command, mayBeRecorded } : command);
      });
      answered.delete(mailName(mail));
    },
  };
}
