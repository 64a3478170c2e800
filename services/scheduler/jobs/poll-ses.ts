/** O5: what Amazon SES says of the account, as gauges: its quota, and the statistics of two weeks. */
import { createSesAccount } from '../../mail/ses-account.ts';
import type { SesAccountOptions } from '../../config/mail.ts';
import type { JobServices } from '../job.ts';

/** Returns 0, for it changes nothing. Throws SesFailure. */
export async function pollSes(
  options: SesAccountOptions,
  { metrics, say }: Pick<JobServices, 'metrics' | 'say'>,
): Promise<number> {
  const account = createSesAccount(options);
  try {
    const [quota, statistics] = await Promise.all([account.quota(), account.statistics()]);
    metrics.sesQuota.set(quota.perDayMax);
    metrics.sesSent.set(quota.sentLastDay);
    metrics.sesRate.set(quota.perSecondMax);
    for (const [count, value] of Object.entries(statistics)) metrics.sesStatistics.set({ count }, value);
    const ofDay = quota.perDayMax < 0 ? '' : ` of ${quota.perDayMax}`;
    say(`${quota.sentLastDay}${ofDay} mails in 24 hours, ${quota.perSecondMax}/s at most`);
    return 0;
  } finally {
    account.close();
  }
}
