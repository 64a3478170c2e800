/** Whether the session that a token names goes on: asked of the database again once an answer is some seconds old. */
import type { BoundedSql } from '../../store/database.ts';
import { liveSessions } from '../../store/sessions.ts';
import type { TokenCheck } from './token-check.ts';
import type { Caller } from '../env.ts';
import { Refused } from '../http/problem.ts';

/** With the time that the statement may take, what was ended is out after five seconds. */
const REMEMBERED_MILLISECONDS = 2500;
const REMEMBERED_MAX = 10_000;

/** Resolves to whose session it is; undefined where it has ended. */
type Asked = Readonly<{ accountId: Promise<string | undefined>; askedAt: number }>;

/**
 * The check of tokens, and of the sessions of those that name one; the others cost nothing more. While the database is away, an
 * answer holds for as long as it is remembered; then StoreUnavailable. `now` in milliseconds of a clock that only goes forward.
 */
export function withSessions(check: TokenCheck, sql: BoundedSql, now = () => performance.now()): TokenCheck {
  const remembered = new Map<string, Asked>();
  let waiting: [sessionId: string, resolve: (answer: Promise<string | undefined>) => void][] | undefined;

  return async (token) => {
    const caller = await check(token);
    if (caller.sessionId !== undefined) await requireLive(caller, caller.sessionId);
    return caller;
  };

  async function requireLive({ userId }: Caller, sessionId: string): Promise<void> {
    if ((await accountOf(sessionId)) !== userId) {
      throw new Refused('unauthorized', { detail: 'The session of this token has ended.' });
    }
  }

  function accountOf(sessionId: string): Promise<string | undefined> {
    const known = remembered.get(sessionId);
    if (known && now() - known.askedAt < REMEMBERED_MILLISECONDS) return known.accountId;
    const accountId = new Promise<string | undefined>((resolve) => ask(sessionId, resolve));
    remembered.delete(sessionId);
    remembered.set(sessionId, { accountId, askedAt: now() });
    if (remembered.size > REMEMBERED_MAX) remembered.delete(remembered.keys().next().value ?? sessionId);
    // Only what was answered is remembered.
    accountId.catch(() => remembered.delete(sessionId));
    return accountId;
  }

  /** All that is asked at once goes into one statement. */
  function ask(sessionId: string, resolve: (answer: Promise<string | undefined>) => void): void {
    if (!waiting) {
      waiting = [];
      setImmediate(send);
    }
    waiting.push([sessionId, resolve]);
  }

  function send(): void {
    const asked = waiting ?? [];
    waiting = undefined;
    const answers = liveSessions(sql, [...new Set(asked.map(([sessionId]) => sessionId))]).then(
      (found) => new Map(found.map(({ id, accountId }) => [id, accountId])),
    );
    for (const [sessionId, resolve] of asked) resolve(answers.then((accounts) => accounts.get(sessionId)));
  }
}
