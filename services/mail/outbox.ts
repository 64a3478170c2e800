/** The store as the sender needs it; mail and store do not know each other. */
import type { Command } from '../core/decide.ts';
import type { Mail } from '../core/mail.ts';
import { type ReportOn, withReport } from '../runtime/repeat.ts';
import type { Patience } from './patience.ts';
import type { AskForPermits } from './shared-pace.ts';

export type Outbox = Readonly<{
  /** Of mails that nobody holds, or whose claim has been over for so long. */
  claim(limit: number, overMilliseconds: number): Promise<readonly Mail[]>;
  defer(mail: Mail, milliseconds: number): Promise<void>;
  /** Counts a request that ended without a clear answer; resolves to how many there were of this mail. */
  countUnsure(mail: Mail): Promise<number>;
  record(command: Command): Promise<unknown>;
  permits: AskForPermits;
}>;

/** The same outbox, whose failures are told, each kind by its name; `patience` sees whether the store answers. Claims are told by the loop that makes them. */
export function watchedOutbox(outbox: Outbox, reportOn: ReportOn, patience: Patience): Outbox {
  const [defer, count, record, permits] = [
    reportOn('give-mail-back'),
    reportOn('count-unsure'),
    reportOn('record-outcome'),
    reportOn('take-permits'),
  ];
  const watched = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      const answer = await work();
      patience.heard(performance.now());
      return answer;
    } catch (error) {
      patience.missed();
      throw error;
    }
  };
  // What fails of these is the store's; a mail that cannot be recorded may be at fault itself.
  return {
    claim: (limit, overMilliseconds) => watched(() => outbox.claim(limit, overMilliseconds)),
    defer: (mail, milliseconds) => withReport(defer, () => outbox.defer(mail, milliseconds)),
    countUnsure: (mail) => withReport(count, () => outbox.countUnsure(mail)),
    record: (command) => withReport(record, () => outbox.record(command)),
    permits: (wanted, perSecond) => withReport(permits, () => watched(() => outbox.permits(wanted, perSecond))),
  };
}
