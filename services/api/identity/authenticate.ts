/** Who may pass: with a bearer token (RFC 6750), and where it is asked for, with a role. */
import { createMiddleware } from 'hono/factory';
import type { AppEnv, Caller } from '../env.ts';
import { Refused } from '../http/problem.ts';
import type { TokenCheck } from './token-check.ts';

/** Lets a request pass only with a valid token; the caller is then in the context. */
export function authenticate(check: TokenCheck) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const [, token] = /^Bearer +([\w.~+/=-]+)$/i.exec(c.req.header('Authorization') ?? '') ?? [];
    if (!token) throw new Refused('unauthorized');
    c.set('caller', await check(token));
    await next();
  });
}

export const hasRole = (caller: Caller, roles: ReadonlySet<string>): boolean =>
  caller.roles.some((role) => roles.has(role));

/** Lets a request pass only when the caller has one of these roles; at some paths, one of others will do. After `authenticate`. */
export function requireRole(
  roles: ReadonlySet<string>,
  others: Readonly<{ paths: ReadonlySet<string>; roles: ReadonlySet<string> }> = { paths: new Set(), roles: new Set() },
) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const caller = c.get('caller');
    const isOther = others.paths.has(c.req.path) && hasRole(caller, others.roles);
    if (!isOther && !hasRole(caller, roles)) throw new Refused('forbidden');
    await next();
  });
}
