/** The caller's network, coarse: the /24 of an IPv4 address, the /48 of an IPv6 one. */
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';
import { coarseIpHash, type OtpKeys } from '../mail/otp-code.ts';

/** A short hash of the network, for the log of events; null where there is no connection, as in a test. */
export function clientIpHash(c: Context, keys: OtpKeys): string | null {
  const address = c.env?.incoming ? getConnInfo(c).remote.address : undefined;
  return address === undefined ? null : coarseIpHash(keys, network(address));
}

function network(address: string): string {
  const mapped = address.startsWith('::ffff:') ? address.slice(7) : address;
  if (mapped.includes('.')) return mapped.split('.').slice(0, 3).join('.');
  const [front = '', back = ''] = mapped.split('::');
  const zeros = Array.from({ length: 8 - groups(front).length - groups(back).length }, () => '0');
  return [...groups(front), ...zeros, ...groups(back)].slice(0, 3).join(':');
}

function groups(part: string): string[] {
  return part === '' ? [] : part.split(':');
}
