/**
 * Keeps pages of other sites out of the mailbox, which has no password: such a page may point its own name here (DNS rebinding),
 * and may send what a browser sends without asking.
 */
import { isIP } from 'node:net';
import type { MiddlewareHandler } from 'hono';
import { problem } from './problem.ts';

/** An address in place of a name is nobody's to point here; of the names only this machine's own and those given are answered. */
export function ownPagesOnly(hostNames: readonly string[]): MiddlewareHandler {
  const names = new Set(['localhost', ...hostNames.map((name) => name.toLowerCase())]);

  return async (c, next) => {
    const host = c.req.header('host') ?? '';
    const name = nameOf(host);
    if (isIP(name) === 0 && !names.has(name)) return problem(421, 'The local SES has another name.');
    const origin = c.req.header('origin');
    const foreign = origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`;
    if (foreign && c.req.method !== 'GET' && c.req.method !== 'HEAD') {
      return problem(403, 'A page of another origin changes nothing here.');
    }
    return next();
  };
}

/** The name of a Host header without its port, and an IPv6 address without its brackets. */
function nameOf(host: string): string {
  const [, bracketed, plain] = /^(?:\[([\da-f:.]+)\]|([^:[\]]*))(?::\d{1,5})?$/i.exec(host) ?? [];
  return (bracketed ?? plain ?? '').toLowerCase();
}
