/** What became of a mail after the mail service took it: a fact, recorded once, that may close the address to further mails. */
import { type Decision, recorded, unchanged } from './decision.ts';
import type { EmailAddress } from './email-address.ts';
import type { AddressEvent, Instant, Suppressed } from './events.ts';
import { type AddressState, SOFT_BOUNCES_MAX } from './state.ts';

export type RecordFeedback = Readonly<{
  type: 'record-feedback';
  address: EmailAddress;
  otpId: string;
  mailing: number;
  /** Names the report, so that one that comes twice is recorded once. */
  feedbackId: string;
  report:
    | Readonly<{ kind: 'delivered' }>
    | Readonly<{ kind: 'bounced'; permanent: boolean; subType: string }>
    | Readonly<{ kind: 'complained'; complaint: string }>;
}>;

const SOFT_BOUNCES_MILLISECONDS = 7 * 86_400_000;

export function recordFeedback(state: AddressState, command: RecordFeedback, now: Instant): Decision {
  const { otpId, mailing, feedbackId, report } = command;
  if (state.lastEventAt === 0 || state.feedback?.ids.includes(feedbackId)) return unchanged('nothing-to-do');
  const which = { otpId, mailing, feedbackId };
  switch (report.kind) {
    case 'delivered':
      return recorded([{ type: 'delivered', data: which }]);
    case 'bounced': {
      const { permanent, subType } = report;
      const event: AddressEvent = { type: 'bounced', data: { ...which, permanent, subType } };
      const suppresses = permanent || isThirdSoft(state, now);
      return recorded([event, ...(suppresses ? suppressedBy(state, 'bounce') : [])]);
    }
    case 'complained':
      return recorded([
        { type: 'complained', data: { ...which, complaint: report.complaint } },
        ...suppressedBy(state, 'complaint'),
      ]);
  }
}

function isThirdSoft({ feedback }: AddressState, now: Instant): boolean {
  const recent = feedback?.softBounces.filter((at) => at > now - SOFT_BOUNCES_MILLISECONDS) ?? [];
  return recent.length + 1 >= SOFT_BOUNCES_MAX;
}

function suppressedBy({ suppression }: AddressState, reason: 'bounce' | 'complaint'): readonly Suppressed[] {
  return suppression ? [] : [{ type: 'suppressed', data: { reason, by: null } }];
}
