/** Settings of what `sealpost doctor` looks at beside the programs' own. */
import { isIP } from 'node:net';
import { list, setting } from '../runtime/settings.ts';

const servers = list()
  .default([])
  .refine(
    (given) => given.every(isServer),
    'must be IP addresses separated by commas, each with :port unless it is 53',
  );

function isServer(text: string): boolean {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  if (port !== undefined && Number(port) > 65_535) return false;
  return isIP(text) !== 0 || isIP(bracketed ?? '') === 6 || isIP(plain ?? '') === 4;
}

export const doctorSettings = {
  DNS_SERVERS: setting(
    servers,
    "DNS servers that the doctor asks, such as 192.0.2.1 or 192.0.2.1:5353, separated by commas. Default: the system's.",
  ),
};
