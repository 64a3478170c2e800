/** The guide's weekly and monthly clean-up of the two read tables; the log keeps every event. */
import { cleanUpCodes, cleanUpEmails } from '../../store/clean-up.ts';
import type { JobServices } from '../jobs.ts';

export const cleanUpOldCodes = ({ sql }: Pick<JobServices, 'sql'>): Promise<number> => cleanUpCodes(sql);

export const cleanUpOldEmails = ({ sql }: Pick<JobServices, 'sql'>): Promise<number> => cleanUpEmails(sql);
