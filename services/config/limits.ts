/** Settings of the limits per client address (IP), and of the proxies whose word is taken for it. */
import { BlockList, isIP } from 'node:net';
import { list, setting, type SettingsOf, wholeNumber } from '../runtime/settings.ts';

const cidr = list()
  .default([])
  .refine(
    (given) => given.every((part) => subnetOf(part) !== undefined),
    'must be addresses or CIDR blocks such as 172.30.0.0/24, separated by commas',
  );

export const limitSettings = {
  TRUSTED_PROXIES: setting(
    cidr,
    "Proxies in front of the API, as IP addresses or CIDR blocks; from them, the last hop of X-Forwarded-For is the client's IP.",
  ),
  RATE_LIMIT_WINDOW_MS: setting(
    wholeNumber({ default: 900_000, min: 1000, max: 86_400_000 }),
    'Window of RATE_LIMIT_MAX_REQUESTS in milliseconds.',
  ),
  RATE_LIMIT_MAX_REQUESTS: setting(
    wholeNumber({ default: 100, min: 0, max: 10_000_000 }),
    'Requests to /api from one IP per window (IPv6: a /64; 4 times as many from a /56, 16 times from a /48); raise it if one server calls on behalf of all its users; 0 for no limit.',
  ),
  RATE_LIMIT_PER_SECOND: setting(
    wholeNumber({ default: 10, min: 0, max: 100_000 }),
    'Requests to /api from one IP per second, on average; 0 for no limit.',
  ),
  RATE_LIMIT_BURST: setting(
    wholeNumber({ default: 20, min: 1, max: 100_000 }),
    'Requests to /api from one IP at once, before RATE_LIMIT_PER_SECOND applies.',
  ),
};

export function limitOf(settings: SettingsOf<typeof limitSettings>) {
  return {
    max: settings.RATE_LIMIT_MAX_REQUESTS,
    windowSeconds: settings.RATE_LIMIT_WINDOW_MS / 1000,
    perSecond: settings.RATE_LIMIT_PER_SECOND,
    burst: settings.RATE_LIMIT_BURST,
  };
}

export function trustedProxies({ TRUSTED_PROXIES }: SettingsOf<typeof limitSettings>): BlockList {
  const trusted = new BlockList();
  for (const part of TRUSTED_PROXIES) {
    const subnet = subnetOf(part);
    if (subnet) trusted.addSubnet(subnet.address, subnet.bits, subnet.family);
  }
  return trusted;
}

function subnetOf(text: string): { address: string; bits: number; family: 'ipv4' | 'ipv6' } | undefined {
  const [, address = '', given] = /^([\da-f.:]+)(?:\/(\d{1,3}))?$/i.exec(text) ?? [];
  const version = isIP(address);
  const bitsMax = version === 4 ? 32 : 128;
  const bits = given === undefined ? bitsMax : Number(given);
  if (version === 0 || bits > bitsMax) return undefined;
  return { address, bits, family: version === 4 ? 'ipv4' : 'ipv6' };
}
