/** Whose request it is by IP: the connection's own, or what a trusted proxy says; and that IP's network, coarse. */
import type { IncomingMessage } from 'node:http';
import { type BlockList, isIP } from 'node:net';
import type { Context } from 'hono';
import { keyedHash, type OtpKeys } from '../../runtime/keys.ts';
import { addressOf } from './connections.ts';

/** Resolves a request to its client's IP; undefined where nobody knows it, and then nothing may be done for it. */
export type ClientIp = (c: Context) => string | undefined;

/**
 * Only what a trusted proxy says in X-Forwarded-For counts: from the last hop, which that proxy saw itself, past every
 * trusted one. Who stands before the first that is not trusted may have said anything.
 */
export function createClientIp(trusted: BlockList): ClientIp {
  const isTrusted = (ip: string): boolean => trusted.check(ip, isIP(ip) === 4 ? 'ipv4' : 'ipv6');

  return (c) => {
    const incoming = (c.env as { incoming?: IncomingMessage } | undefined)?.incoming;
    let ip = asIpv4((incoming && addressOf(incoming.socket)) ?? '', [MAPPED]);
    if (isIP(ip) === 0) return undefined;
    // A translator's word is no proxy's: what it brings may have any address inside.
    if (!isTrusted(ip)) return asIpv4(ip);
    for (const hop of hopsOf(c.req.header('x-forwarded-for') ?? '')) {
      if (isIP(hop) === 0) return ip;
      ip = hop;
      if (!isTrusted(ip)) return ip;
    }
    return ip;
  };
}

/** The last first, without the port that some proxies add (203.0.113.7:49711, [2001:db8::1]:443), quotes and brackets. */
const hopsOf = (forwarded: string): readonly string[] =>
  forwarded
    .split(',')
    .toReversed()
    .map((hop) => {
      const plain = hop.trim().replaceAll('"', '');
      const [, bracketed, dotted] = /^(?:\[([^\]]*)\](?::\d*)?|([\d.]+):\d*)$/.exec(plain) ?? [];
      return asIpv4(bracketed ?? dotted ?? plain);
    });

/** What a limit counts as one, and how many times the limit of one client it has. */
export type LimitedUnit = Readonly<{ name: string; times: number }>;

/**
 * Whom a limit counts a request for, from narrow to wide: an IPv4 address; of IPv6 the /64, which is the least that a
 * network gives out, the /56 of a home and the /48 of a site, so that whoever has more of them has not as many limits.
 */
export function limitedUnits(ip: string): readonly [LimitedUnit, ...LimitedUnit[]] {
  if (isIP(ip) === 4) return [{ name: ip, times: 1 }];
  const [a = '', b = '', c = '', d = ''] = groups(ip);
  const home = d.padStart(4, '0').slice(0, 2);
  return [
    { name: [a, b, c, d].join(':'), times: 1 },
    { name: `${[a, b, c, home].join(':')}/56`, times: 4 },
    { name: `${[a, b, c].join(':')}/48`, times: 16 },
  ];
}

const NETWORK_HASH_CHARACTERS = 6;

/** A hash of the network for the log of events, so short that it names no one: the /24 of IPv4, the /48 of IPv6. */
export function networkHash(ip: string | undefined, keys: OtpKeys): string | null {
  if (ip === undefined) return null;
  const network = isIP(ip) === 4 ? ip.split('.').slice(0, 3).join('.') : groups(ip).slice(0, 3).join(':');
  return keyedHash(keys, 'ip', network).slice(0, NETWORK_HASH_CHARACTERS);
}

/** The first six groups of IPv6 addresses whose last two are an IPv4 address: mapped (RFC 4291, 2.5.5.2), translated (RFC 6052, 2.1). */
const MAPPED = '0:0:0:0:0:ffff';
const TRANSLATED = '64:ff9b:0:0:0:0';

/** The IPv4 address that an IPv6 address stands for, however it is written; any other text as it is. */
function asIpv4(address: string, prefixes = [MAPPED, TRANSLATED]): string {
  if (isIP(address) !== 6) return address;
  const all = groups(address);
  if (!prefixes.includes(all.slice(0, 6).join(':'))) return address;
  const bytes = all.slice(6).flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]);
  return bytes.join('.');
}

/** The eight groups of an IPv6 address, in one spelling. */
function groups(address: string): readonly string[] {
  const [front = '', back = ''] = address.toLowerCase().replace(/%.*$/, '').split('::');
  const [before, after] = [parts(front), parts(back)];
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...zeros, ...after].map((group) => group.replace(/^0+(?=.)/, ''));
}

function parts(text: string): string[] {
  return text === '' ? [] : text.split(':').flatMap((part) => (part.includes('.') ? ofDotted(part) : [part]));
}

/** 192.0.2.1 as c000 and 201. */
function ofDotted(ipv4: string): string[] {
  const [a = 0, b = 0, c = 0, d = 0] = ipv4.split('.').map(Number);
  return [((a << 8) | b).toString(16), ((c << 8) | d).toString(16)];
}
