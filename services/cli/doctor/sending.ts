/** Whom mails may go out to, by how many people's mails of the last day came back: as each api judges it. */
import { feedbackSettings, reputationOptions } from '../../config/feedback.ts';
import { ruleSettings } from '../../config/rules.ts';
import { type Standing, standingOf, USER_REPORTS_MIN } from '../../mail/reputation.ts';
import { createReputationReader } from '../../store/reputation.ts';
import type { DoctorContext } from './context.ts';
import { type Finding, ok, warning, wrong } from './finding.ts';

const REMEDY = 'Find out who asks for such addresses; then "sealpost sending resume", or it goes on by itself';

export async function checkSending({ schema, settings }: DoctorContext): Promise<Finding> {
  const { limits, people } = reputationOptions(settings({ ...feedbackSettings, ...ruleSettings }));
  const reputation = await createReputationReader(people, USER_REPORTS_MIN)(await schema());
  return judgeSending(standingOf(reputation, limits), reputation.sent);
}

export function judgeSending({ bounceRatio, complaintRatio, everybody, users }: Standing, sent: number): Finding {
  const what = `of ${sent} emails in 24 hours ${percent(bounceRatio)} bounced, ${percent(complaintRatio)} complained.`;
  const facts = { open: !everybody, usersPaused: users.size, sent, bounceRatio, complaintRatio };
  if (everybody) {
    const which = { bounced: 'bounced', complained: 'were called spam' }[everybody.kind];
    return {
      ...wrong(
        `Only proven addresses get email, since those of too many people ${which}: ${what}`,
        `${REMEDY} ${at(everybody.until)}.`,
      ),
      facts: { ...facts, because: everybody.kind, until: new Date(everybody.until).toISOString() },
    };
  }
  const [last] = [...users.values()].map(({ until }) => until).toSorted((a, b) => b - a);
  if (last === undefined) return { ...ok(`Sending is open: ${what}`), facts };
  const paused = users.size === 1 ? 'one user, whose emails' : `${users.size} users, whose emails`;
  return { ...warning(`Sending is open but for ${paused} came back: ${what}`, `${REMEDY} ${at(last)}.`), facts };
}

const at = (instant: number): string => `at ${new Date(instant).toISOString().slice(0, 16)}Z`;
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
