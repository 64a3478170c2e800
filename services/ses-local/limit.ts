/** Reads how many mails a list is to show. */

export const LIMIT_MAX = 500;

/** A page size from a query: 50 when absent, undefined when it is not a whole number from 1 to 500. */
export function readLimit(text: string | undefined): number | undefined {
  if (text === undefined) return 50;
  const limit = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  return limit >= 1 && limit <= LIMIT_MAX ? limit : undefined;
}
