/** Records `expired` for codes whose time is over, and `send_failed` for their mails that never went out. */
import { lapsedAddresses } from '../../store/queries.ts';
import type { JobServices } from '../job.ts';

const ADDRESSES_AT_ONCE = 500;

type Services = Pick<JobServices, 'sql' | 'handler' | 'signal'>;

export async function expireCodes({ sql, handler, signal }: Services): Promise<number> {
  let done = 0;
  for (;;) {
    const addresses = await lapsedAddresses(sql, ADDRESSES_AT_ONCE);
    await Promise.all(addresses.map((address) => handler.handle({ type: 'expire-codes', address })));
    done += addresses.length;
    if (addresses.length < ADDRESSES_AT_ONCE || signal.aborted) return done;
  }
}
