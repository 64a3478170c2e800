/** Whose request it is by IP: the connection's own, or what a trusted proxy says; and that IP's network, coarse. */
import { type BlockList, isIP } from 'node:net';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';
import { keyedHash, type OtpKeys } from '../../runtime/keys.ts';

/** Resolves a request to its client's IP; undefined where there is no connection, as in a test of the app alone. */
export type ClientIp = (c: Context) => string | undefined;

/** Only a trusted proxy's X-Forwarded-For counts, and of it the last hop: what the proxy itself saw. */
export function createClientIp(trusted: BlockList): ClientIp {
  return (c) => {
    const peer = c.env?.incoming ? unmapIpv4(getConnInfo(c).remote.address ?? '') : '';
    const version = isIP(peer);
    if (version === 0) return undefined;
    if (!trusted.check(peer, version === 4 ? 'ipv4' : 'ipv6')) return peer;
    const said = unmapIpv4(c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() ?? '');
    return isIP(said) === 0 ? peer : said;
  };
}

/** One client as far as a limit can tell: an IPv4 address, or the /64 that an IPv6 network gives out at the least. */
export function limitedUnit(ip: string): string {
  return isIP(ip) === 4 ? ip : groups(ip).slice(0, 4).join(':');
}

const NETWORK_HASH_CHARACTERS = 6;

/** A hash of the network for the log of events, so short that it names no one: the /24 of IPv4, the /48 of IPv6. */
export function networkHash(ip: string | undefined, keys: OtpKeys): string | null {
  if (ip === undefined) return null;
  const network = isIP(ip) === 4 ? ip.split('.').slice(0, 3).join('.') : groups(ip).slice(0, 3).join(':');
  return keyedHash(keys, 'ip', network).slice(0, NETWORK_HASH_CHARACTERS);
}

function unmapIpv4(address: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
}

/** The eight groups of an IPv6 address, in one spelling. */
function groups(address: string): readonly string[] {
  const [front = '', back = ''] = address.toLowerCase().replace(/%.*$/, '').split('::');
  const [before, after] = [parts(front), parts(back)];
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...zeros, ...after].map((group) => group.replace(/^0+(?=.)/, ''));
}

function parts(text: string): string[] {
  return text === '' ? [] : text.split(':');
}
