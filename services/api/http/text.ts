/** Text that is text: what no percent-decoding gives, and what PostgreSQL stores neither as text nor as jsonb, is refused. */
import { createMiddleware } from 'hono/factory';
import type { AppEnv } from '../env.ts';
import { pointerTo, Refused } from './problem.ts';

const NO_TEXT = 'must be text without NUL and without unpaired surrogates';

/** RFC 3986 2.1, anywhere in path and query, and UTF-8 behind it. */
export const readableTarget = createMiddleware<AppEnv>(async (c, next) => {
  if (c.req.url.includes('%') && !isReadable(c.req.url)) {
    throw new Refused('invalid_request', {
      detail: 'The path and the query must be percent-encoded UTF-8 without NUL: a "%" is followed by two hex digits.',
    });
  }
  return next();
});

function isReadable(url: string): boolean {
  try {
    return !decodeURIComponent(url).includes('\0');
  } catch {
    return false;
  }
}

/** Only an escape brings either into JSON: a raw NUL is none, and UTF-8 has no surrogates. */
const ESCAPE = /\\u(?:0000|d[89a-f])/i;

/** Refuses JSON that has such a text, by its place. What is no JSON is refused by whoever parses it. */
export function refuseUnstorable(body: string): void {
  if (!ESCAPE.test(body)) return;
  const pointer = unstorable(body);
  if (pointer === undefined) return;
  const errors = [{ pointer, detail: NO_TEXT }];
  throw new Refused('invalid_request', { detail: `${pointer.slice(1)}: ${NO_TEXT}`, errors });
}

/** Where such a text is; not by recursion, for a body may be as deep as it is long. */
function unstorable(body: string): string | undefined {
  const left: [pointer: string, value: unknown][] = [['', parsed(body)]];
  for (let one = left.pop(); one; one = left.pop()) {
    const [pointer, value] = one;
    if (typeof value === 'string' && (value.includes('\0') || !value.isWellFormed())) return pointer;
    if (typeof value !== 'object' || value === null) continue;
    for (const [name, member] of Object.entries(value)) left.push([pointer + pointerTo(name), member]);
  }
  return undefined;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
