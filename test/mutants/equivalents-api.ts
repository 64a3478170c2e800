/** Of api: defaults that nobody reaches, and words that come to the same. */
import type { Equivalent } from './equivalent.ts';

const api = (file: string, line: string, becomes: string, why: string): Equivalent => ({
  file: `services/api/${file}`,
  line,
  becomes,
  why,
});

export const apiEquivalents: readonly Equivalent[] = [
  api(
    'http/client-ip.ts',
    "let ip = asIpv4((incoming && addressOf(incoming.socket)) ?? '', [MAPPED]);",
    '"Stryker was here!"',
    'neither is an IP address',
  ),
  api(
    'http/client-ip.ts',
    "const [front = '', back = ''] = address.toLowerCase().replace(/%.*$/, '').split('::');",
    '"Stryker was here!"',
    'a text that is split has a first part',
  ),
  api(
    'http/client-ip.ts',
    "const isTrusted = (ip: string): boolean => trusted.check(ip, isIP(ip) === 4 ? 'ipv4' : 'ipv6');",
    '""',
    'a BlockList takes a family that it does not know for IPv4',
  ),
  api(
    'http/client-ip.ts',
    "for (const hop of hopsOf(c.req.header('x-forwarded-for') ?? '')) {",
    '"Stryker was here!"',
    'neither is an IP address',
  ),
  api(
    'http/client-ip.ts',
    "const [front = '', back = ''] = address.toLowerCase().replace(/%.*$/, '').split('::');",
    '/%.*/',
    '.* goes to the end anyway',
  ),
  api(
    'http/client-ip.ts',
    "const [front = '', back = ''] = address.toLowerCase().replace(/%.*$/, '').split('::');",
    '/%.$/',
    'a zone stands behind the last group, and only the first four count',
  ),
  api(
    'fields.ts',
    ".regex(UUID, 'must be a UUID')",
    '""',
    'zod then says what the field itself says, which is the same',
  ),
  api(
    'http/body.ts',
    'if (size <= bytesMax) chunks.push(chunk);',
    'true',
    'what is too large is refused in the end; only what it holds meanwhile',
  ),
  api('http/body.ts', 'if (size <= READ_BYTES_MAX) return;', 'size < READ_BYTES_MAX', 'one byte of eight million'),
  api(
    'fields.ts',
    "context.addIssue({ code: 'custom', message: parsed.reason });",
    '""',
    'the code of an issue is told to nobody',
  ),
  api(
    'http/malformed-request.ts',
    "else refuse(socket, reasons[error.code ?? ''] ?? 'unreadable_request');",
    '"Stryker was here!"',
    'no reason stands under either name',
  ),
];
