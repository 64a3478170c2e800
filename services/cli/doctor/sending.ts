/** Whom mails may go out to, by how many people's mails of the last day came back: as each api judges it. */
import { feedbackSettings, reputationOptions } from '../../config/feedback.ts';
import { keySettings, ledgerKeysOf } from '../../config/keys.ts';
import { ruleSettings } from '../../config/rules.ts';
import { type Standing, standingOf } from '../../mail/reputation.ts';
import { keyIdsOfClosed } from '../../store/erasure.ts';
import { readReputation } from '../../store/reputation.ts';
import type { DoctorContext } from './context.ts';
import { type Finding, ok, warning, wrong } from './finding.ts';

const REMEDY = 'Find out who asks for such addresses; then "sealpost sending resume", or it goes on by itself';

export async function checkSending({ schema, settings }: DoctorContext): Promise<Finding> {
  const known = new Set(ledgerKeysOf(settings(keySettings)).map(({ id }) => id));
  const missing = (await keyIdsOfClosed(await schema())).filter((id) => !known.has(id));
  if (missing.length > 0) return lostKeys(missing);
  const { limits, people } = reputationOptions(settings({ ...feedbackSettings, ...ruleSettings }));
  return judgeSending(standingOf(await readReputation(await schema(), people), limits));
}

const lostKeys = (missing: readonly string[]): Finding =>
  warning(
    `Erased addresses that were closed to mails get mail again: their hashes need the keys ${missing.join(', ')}.`,
    'Put these keys back behind the others of ERASURE_KEYS.',
  );

export function judgeSending({ sent, bounceRatio, complaintRatio, everybody, users }: Standing): Finding {
  const what = `of ${sent} emails in 24 hours, or since it was resumed, ${percent(bounceRatio)} bounced, ${percent(complaintRatio)} complained.`;
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
