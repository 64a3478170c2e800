/** The headers of requests and answers, each described once; and which come with which answer. */
import type { RefusalCode } from '../http/refusals.ts';

const text = (description: string, example: string) => ({ description, schema: { type: 'string' as const }, example });

export const headers = {
  'X-Request-Id': {
    description: 'What the log of the server knows the request by.',
    schema: { type: 'string' as const, format: 'uuid' },
    example: '02d271e7-7e5a-416f-9ef4-c4f0b55b9869',
  },
  'Content-Language': text('The language of `message`, where there is one.', 'en'),
  'RateLimit-Policy': text(
    'The limits of one client by its IP (draft-ietf-httpapi-ratelimit-headers): `q` requests in `w` seconds. Under /api, where one is set.',
    '"ip";q=300;w=900, "ip-burst";q=40;w=2',
  ),
  RateLimit: text(
    'How many requests this client has left (`r`), and in how many seconds it has all again (`t`).',
    '"ip";r=299;t=900',
  ),
  'Retry-After': {
    description: 'When to come back, in seconds.',
    schema: { type: 'integer' as const, minimum: 0 },
    example: 42,
  },
  'WWW-Authenticate': text(
    'What kind of token is asked for, and what is wrong with the one that was sent (RFC 6750).',
    'Bearer error="invalid_token", error_description="The token has expired."',
  ),
  Allow: text('The methods that this path knows.', 'GET, HEAD'),
  'Accept-Encoding': text('That a body is taken as it is, where it came with a Content-Encoding.', 'identity'),
};

type HeaderName = keyof typeof headers;

export const acceptLanguage = {
  name: 'Accept-Language',
  in: 'header' as const,
  required: false,
  description:
    'The language of `message`, and of a mail for which no `locale` is given (RFC 9110 12.5.4). Where there is none of these: MAIL_LOCALE of the installation.',
  schema: { type: 'string' as const },
  example: 'de-CH, de;q=0.9, en;q=0.5',
};

const reference = (name: HeaderName) => [name, { $ref: `#/components/headers/${name}` }] as const;

/** What the server answers before the app sees the request: nobody is counted for it, and no language is looked for. */
const OUTSIDE: ReadonlySet<number> = new Set([408, 417, 431]);

const ofStatus: Readonly<Record<number, HeaderName>> = {
  401: 'WWW-Authenticate',
  405: 'Allow',
  415: 'Accept-Encoding',
  429: 'Retry-After',
  503: 'Retry-After',
};

/** References to the headers that a refusal with this status may have. */
export function headersOfRefusal(status: number, codes: readonly RefusalCode[]) {
  const own = codes.includes('idempotency_in_progress') ? 'Retry-After' : ofStatus[status];
  const inApp: readonly HeaderName[] = OUTSIDE.has(status) ? [] : ['Content-Language', 'RateLimit-Policy', 'RateLimit'];
  return Object.fromEntries((['X-Request-Id', ...inApp, ...(own ? [own] : [])] as const).map(reference));
}

/** The same of an answer; `counted` where requests are counted by IP. */
export function headersOfAnswer({ counted }: Readonly<{ counted: boolean }>) {
  const names = counted ? (['X-Request-Id', 'Content-Language', 'RateLimit-Policy', 'RateLimit'] as const) : [];
  return Object.fromEntries((names.length > 0 ? names : (['X-Request-Id'] as const)).map(reference));
}
