/** Settings of the edge, which TLS ends at. */
import { z } from 'zod';
import { type Environment, setting, type SettingsOf } from '../runtime/settings.ts';

/** Where clients come from elsewhere, so that a mail that stays on this machine reaches nobody. */
export const isServed = ({ API_DOMAIN }: Environment): boolean =>
  !/^(?:|localhost|.*\.localhost)$/.test(API_DOMAIN?.trim() ?? '');

const ADDRESS = /^(?:\[[0-9a-f:.]+\]|[A-Za-z0-9._-]{1,253}):([0-9]{1,5})$/;

const isAddress = (text: string): boolean => {
  const port = Number(ADDRESS.exec(text)?.[1]);
  return port >= 1 && port <= 65_535;
};

export const edgeSettings = {
  API_DOMAIN: setting(
    z.string().trim().max(253, 'must be a domain name of at most 253 letters').default('localhost'),
    'Domain that clients call the API by; the scheduler watches its certificate at EDGE_ADDRESS.',
  ),
  EDGE_ADDRESS: setting(
    z.string().refine(isAddress, 'must be host:port, such as caddy:443').optional(),
    'Where the scheduler reaches the edge, as host:port; it asks there for /health of API_DOMAIN twice a minute. Default: nowhere, and nothing is watched; in the Docker stack caddy.metrics:443.',
  ),
};

export type EdgeOptions = Readonly<{
  /** The name that clients use, and the certificate is for. */
  name: string;
  host: string;
  port: number;
  /** Whether clients elsewhere have to believe the certificate. */
  trusted: boolean;
}>;

/** Undefined where none is to be watched. */
export function edgeOptions({ API_DOMAIN, EDGE_ADDRESS }: SettingsOf<typeof edgeSettings>): EdgeOptions | undefined {
  if (EDGE_ADDRESS === undefined) return undefined;
  const colon = EDGE_ADDRESS.lastIndexOf(':');
  const host = EDGE_ADDRESS.slice(0, colon).replace(/^\[|\]$/g, '');
  const port = Number(EDGE_ADDRESS.slice(colon + 1));
  return { name: API_DOMAIN, host, port, trusted: isServed({ API_DOMAIN }) };
}
