/** Whose request it is: the connection's IP, a trusted proxy's last hop, and the network that stands for it. */
import { BlockList } from 'node:net';
import { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
import { createClientIp, limitedUnits, networkHash } from '../../services/api/http/client-ip.ts';
import { otpKey, type OtpKeys } from '../../services/runtime/keys.ts';

const trusted = new BlockList();
trusted.addSubnet('10.0.0.0', 8, 'ipv4');
trusted.addSubnet('2001:db8:ffff::', 48, 'ipv6');

/** The IP that an app sees where the connection comes from there; null: it has no connection. */
async function ipOf(peer: string | null, forwarded?: string): Promise<string> {
  const clientIp = createClientIp(trusted);
  const app = new Hono();
  app.get('/', (c) => c.text(String(clientIp(c))));
  const headers = forwarded === undefined ? {} : { 'X-Forwarded-For': forwarded };
  const env = peer === null ? undefined : { incoming: { socket: { remoteAddress: peer, remoteFamily: 'IPv4' } } };
  return (await app.request('/', { headers }, env)).text();
}

describe('the IP of a client', () => {
  test.each<[string, string | null, string | undefined, string]>([
    ['of no connection', null, '192.0.2.1', 'undefined'],
    ['of a connection without an address', '', '192.0.2.1', 'undefined'],
    ['of a connection whose address is none', 'pipe', undefined, 'undefined'],
    ['of a direct connection', '192.0.2.1', undefined, '192.0.2.1'],
    ['of a direct connection that says another', '192.0.2.1', '198.51.100.7', '192.0.2.1'],
    ['of a direct connection beside the trusted block', '11.0.0.1', '198.51.100.7', '11.0.0.1'],
    ['of a direct IPv6 connection', '2001:db8::1', '198.51.100.7', '2001:db8::1'],
    ['of an IPv4 connection in IPv6 form', '::ffff:192.0.2.1', '198.51.100.7', '192.0.2.1'],
    ['that a trusted proxy names', '10.0.0.1', '198.51.100.7', '198.51.100.7'],
    ['that a trusted proxy names in IPv6', '10.0.0.1', '2001:db8::9', '2001:db8::9'],
    ['that a trusted proxy names in mapped form', '10.0.0.1', '::FFFF:198.51.100.7', '198.51.100.7'],
    [
      'of an IPv4 connection in IPv6 form, its last part of three digits',
      '::ffff:192.0.2.117',
      undefined,
      '192.0.2.117',
    ],
    ['that a trusted proxy of mapped form names', '::ffff:10.1.2.3', '198.51.100.7', '198.51.100.7'],
    ['that a trusted IPv6 proxy names', '2001:db8:ffff::1', '198.51.100.7', '198.51.100.7'],
    ['of several hops the last', '10.0.0.1', '203.0.113.1, 203.0.113.2 ,198.51.100.7', '198.51.100.7'],
    ['of several hops the last, with blanks', '10.0.0.1', '203.0.113.1,  198.51.100.7  ', '198.51.100.7'],
    ['of a trusted proxy that names none', '10.0.0.1', undefined, '10.0.0.1'],
    ['of a trusted proxy that names nobody', '10.0.0.1', 'unknown', '10.0.0.1'],
    ['of a trusted proxy whose last hop is nobody', '10.0.0.1', '198.51.100.7, unknown', '10.0.0.1'],
    ['of a trusted proxy whose last hop is empty', '10.0.0.1', '198.51.100.7,', '10.0.0.1'],
    ['that a trusted proxy names with its port', '10.0.0.1', '198.51.100.7:4711', '198.51.100.7'],
    ['that a trusted proxy names with an empty port', '10.0.0.1', '198.51.100.7:', '198.51.100.7'],
    ['in brackets', '10.0.0.1', '[2001:db8::9]', '2001:db8::9'],
    ['in brackets, with a port', '10.0.0.1', '[2001:db8::9]:443', '2001:db8::9'],
    ['in quotes and brackets', '10.0.0.1', '"[2001:db8::9]:443"', '2001:db8::9'],
    ['in mapped form, with a port', '10.0.0.1', '[::ffff:198.51.100.7]:443', '198.51.100.7'],
    ['of a trusted proxy that names a host with its port', '10.0.0.1', 'client.example.com:443', '10.0.0.1'],
    ['of a trusted proxy that names two ports', '10.0.0.1', '198.51.100.7:1:2', '10.0.0.1'],
    [
      'of a trusted proxy that names an IPv6 address and a port without brackets',
      '10.0.0.1',
      '2001:db8::9.443',
      '10.0.0.1',
    ],
    ['behind two proxies', '10.0.0.1', '198.51.100.7, 10.0.0.2', '198.51.100.7'],
    [
      'behind three, of both versions and with ports',
      '10.0.0.1',
      '198.51.100.7:9, [2001:db8:ffff::2]:1, 10.9.9.9:2',
      '198.51.100.7',
    ],
    ['behind two proxies, that says it is another', '10.0.0.1', '192.0.2.66, 198.51.100.7, 10.0.0.2', '198.51.100.7'],
    ['behind two proxies, that says it is one of them', '10.0.0.1', '10.0.0.3, 198.51.100.7, 10.0.0.2', '198.51.100.7'],
    ['within, behind trusted proxies only: the first', '10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
    ['behind two proxies, of which the first names nobody', '10.0.0.1', 'unknown, 10.0.0.2', '10.0.0.2'],
    ['behind an untrusted proxy', '10.0.0.1', '198.51.100.7, 203.0.113.9, 10.0.0.2', '203.0.113.9'],
    ['of an IPv4 connection in hexadecimal IPv6 form', '::ffff:c000:201', undefined, '192.0.2.1'],
    ['of an IPv4 connection in the long IPv6 form', '0:0:0:0:0:FFFF:C000:0201', undefined, '192.0.2.1'],
    ['of an IPv4 connection with zeros before', '0000::0:ffff:192.0.2.1', undefined, '192.0.2.1'],
    ['that a trusted proxy names in hexadecimal mapped form', '10.0.0.1', '::ffff:c633:6407', '198.51.100.7'],
    ['that a trusted proxy of hexadecimal form names', '::ffff:a01:203', '198.51.100.7', '198.51.100.7'],
    ['of an IPv4 client behind a translator', '64:ff9b::192.0.2.1', undefined, '192.0.2.1'],
    ['of an IPv4 client behind a translator, in hexadecimal form', '64:ff9b::c000:201', undefined, '192.0.2.1'],
    ['of a translated client whose IPv4 address is a trusted proxy’s', '64:ff9b::10.0.0.1', '198.51.100.7', '10.0.0.1'],
    ['that a trusted proxy names as translated', '10.0.0.1', '64:ff9b::198.51.100.7', '198.51.100.7'],
    ['of a network beside the translators’', '64:ff9b:1::c000:201', undefined, '64:ff9b:1::c000:201'],
    ['of an IPv6 connection that ends in dots', '2001:db8::192.0.2.1', undefined, '2001:db8::192.0.2.1'],
    ['that is not mapped, but compatible', '::192.0.2.1', undefined, '::192.0.2.1'],
    ['that only looks mapped', '10.0.0.1', 'x::ffff:198.51.100.7', '10.0.0.1'],
    ['that only begins mapped', '10.0.0.1', '::ffff:198.51.100.7x', '10.0.0.1'],
  ])('%s', async (_what, peer, forwarded, wanted) => {
    expect(await ipOf(peer, forwarded)).toBe(wanted);
  });
});

describe('what a limit counts as one client', () => {
  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8:0:7::1', '2001:db8:0:7'],
    ['2001:0DB8:0000:0007:ffff:ffff:ffff:ffff', '2001:db8:0:7'],
    ['2001:db8::7:0:0:0:1', '2001:db8:0:7'],
    ['2001:db8:0:8::1', '2001:db8:0:8'],
    ['2001:db8:0:7::192.0.2.1', '2001:db8:0:7'],
    ['1:2:3:4:5:6:192.0.2.1', '1:2:3:4'],
    ['::1', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['1:2:3:4:5:6:7::', '1:2:3:4'],
    ['2001:db8:a0b0:c00::1', '2001:db8:a0b0:c00'],
  ])('%s is %s', (ip, unit) => {
    expect(limitedUnits(ip)[0]).toEqual({ name: unit, times: 1 });
  });
});

describe('the network in the log of events', () => {
  const keys: OtpKeys = [otpKey('k1', Buffer.alloc(32, 7))];
  const other: OtpKeys = [otpKey('k1', Buffer.alloc(32, 8))];
  const hash = (ip: string | undefined, of = keys) => networkHash(ip, of);

  test('is six characters, the same for a /24 or a /48, another for the next one', () => {
    expect(hash('192.0.2.1')).toMatch(/^[\w-]{6}$/);
    expect(hash('192.0.2.255')).toBe(hash('192.0.2.1'));
    expect(hash('192.0.3.1')).not.toBe(hash('192.0.2.1'));
    expect(hash('2001:db8:1:ffff::1')).toBe(hash('2001:db8:1::'));
    expect(hash('2001:db8:2::')).not.toBe(hash('2001:db8:1::'));
  });

  // By hand: "ip/v1" and the network, each after its length in four bytes; HMAC-SHA-256, base64url.
  test('is keyed, so that nobody tries all networks', () => {
    expect([hash('192.0.2.1'), hash('2001:db8:1::5')]).toEqual(['4Hyjw7', 'SK1jwt']);
    expect(hash('192.0.2.1', other)).not.toBe(hash('192.0.2.1'));
  });

  test('is none where there is no connection', () => {
    expect(hash(undefined)).toBeNull();
  });
});
