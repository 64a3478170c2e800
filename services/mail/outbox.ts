/** The store as the sender needs it; mail and store do not know each other. */
import type { Command } from '../core/decide.ts';
import type { Mail } from '../core/mail.ts';
import { type ReportOn, withReport } from '../runtime/repeat.ts';
import type { AskForPermits } from './shared-pace.ts';

export type Outbox = Readonly<{
  claim(limit: number): Promise<readonly Mail[]>;
  defer(mail: Mail, milliseconds: number): Promise<void>;
  /** Counts a request that ended without a clear answer; resolves to how many there were of this mail. */
  countUnsure(mail: Mail): Promise<number>;
  record(command: Command): Promise<unknown>;
  permits: AskForPermits;
}>;

/** The same outbox, whose failures are told, each kind by its name. Claims are told by the loop that makes them. */
export function reportedOutbox(outbox: Outbox, reportOn: ReportOn): Outbox {
  const [defer, count, record, permits] = [
    reportOn('give-mail-back'),
    reportOn('count-unsure'),
    reportOn('record-outcome'),
    reportOn('take-permits'),
  ];
  return {
    claim: outbox.claim,
    defer: (mail, milliseconds) => withReport(defer, () => outbox.defer(mail, milliseconds)),
    countUnsure: (mail) => withReport(count, () => outbox.countUnsure(mail)),
    record: (command) => withReport(record, () => outbox.record(command)),
    permits: (wanted, perSecond) => withReport(permits, () => outbox.permits(wanted, perSecond)),
  };
}
