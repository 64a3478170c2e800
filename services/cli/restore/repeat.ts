/** What a restored database must be told again: who was erased, which addresses are closed, and that no code of before lives. */
import type { EmailAddress } from '../../core/email-address.ts';
import type { Policy } from '../../core/policy.ts';
import { STATEMENT_TIMEOUT_MILLISECONDS } from '../../config/database.ts';
import { createCodeBook } from '../../mail/otp-code.ts';
import { closedHashes, type OtpKeys } from '../../runtime/keys.ts';
import { closeAgain, closedHashesAfter, suppressionsAfter } from '../../store/carry-over.ts';
import type { DatabaseOptions, Sql } from '../../store/database.ts';
import { createHandler, type Handler } from '../../store/handle.ts';
import { replayErasures } from '../erasures.ts';
import type { Ledger } from '../ledger.ts';
import { inDatabaseOf } from './owner.ts';

type Login = Pick<DatabaseOptions, 'url' | 'ssl'>;
type PageOf<Row> = (sql: Sql, last: string, limit: number) => Promise<readonly Row[]>;

export type Repeat = Readonly<{
  /** Records `expired` for every open code of an earlier epoch, and gives its mails up; how many addresses that were. */
  closeCodes(sql: Sql, open: PageOf<EmailAddress>): Promise<number>;
  /** Erasures of the ledger and suppressions of the other database; says in a line what it did. */
  all(target: Login, from: Login | undefined): Promise<string>;
}>;

const PAGE = 500;
const BY = 'restore';

/** Without a ledger nobody is erased again. */
export function createRepeat(
  keys: Readonly<{ codes: OtpKeys; addresses: OtpKeys }>,
  policy: Policy,
  ledger: Ledger | undefined,
): Repeat {
  const handlerOn = (sql: Sql): Handler =>
    createHandler({
      sql,
      policy,
      codeBook: (epoch) => createCodeBook(keys.codes, epoch),
      closedHashes: (address) => closedHashes(keys.addresses, address),
      timeoutMilliseconds: 12 * STATEMENT_TIMEOUT_MILLISECONDS,
      lanes: 2,
    });
  return { closeCodes, all };

  async function closeCodes(sql: Sql, open: PageOf<EmailAddress>): Promise<number> {
    const handler = handlerOn(sql);
    return everyPage(sql, open, String, (address) => handler.handle({ type: 'expire-codes', address }));
  }

  async function all(target: Login, from: Login | undefined): Promise<string> {
    return inDatabaseOf(target, async (sql) => {
      const handler = handlerOn(sql);
      const erased = ledger ? await replayErasures({ sql, handler }, ledger) : 0;
      const closed = from
        ? await inDatabaseOf(from, (live) =>
            everyPage(
              live,
              suppressionsAfter,
              ({ address }) => address,
              ({ address, reason }) => handler.handle({ type: 'suppress', address, reason, by: BY }),
            ),
          )
        : 0;
      if (from) await inDatabaseOf(from, (live) => closeErased(sql, live));
      return `Told again: ${erased} erasures, ${closed} suppressed addresses.`;
    });
  }
}

/** Erased addresses that get no mail are known by a hash alone: what the other database says of them. */
const closeErased = (sql: Sql, live: Sql): Promise<number> =>
  everyPage(
    live,
    closedHashesAfter,
    ({ addressHash }) => addressHash,
    (one) => closeAgain(sql, one, BY),
  );

/** Does it with each row, a page's at once; how many there were. */
async function everyPage<Row>(
  sql: Sql,
  page: PageOf<Row>,
  nameOf: (row: Row) => string,
  work: (row: Row) => Promise<unknown> | undefined,
): Promise<number> {
  let done = 0;
  for (let last = ''; ;) {
    const rows = await page(sql, last, PAGE);
    await Promise.all(rows.map(work));
    done += rows.length;
    const final = rows.at(-1);
    if (rows.length < PAGE || final === undefined) return done;
    last = nameOf(final);
  }
}
