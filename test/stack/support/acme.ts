/** An ACME server (pebble) for a stack: its files, and the root of the certificates that it issues. */
import { ask } from './ask.ts';
import { certificateFor } from './certificate.ts';

const configuration = {
  pebble: {
    listenAddress: '0.0.0.0:14000',
    managementListenAddress: '0.0.0.0:15000',
    certificate: '/acme/cert.pem',
    privateKey: '/acme/key.pem',
    httpPort: 80,
    tlsPort: 443,
    keyAlgorithm: 'ecdsa',
    retryAfter: { authz: 1, order: 1 },
    profiles: { default: { description: 'short-lived', validityPeriod: 30 } },
  },
};

/** As an operator names another ACME server; the certificates of this one are renewed within the half minute that they live. */
const globalOptions = `acme_ca https://pebble:14000/dir
acme_ca_root /etc/caddy/global.d/ca.pem
renew_interval 2s
`;

/** Files of the clone, by path. */
export async function acmeFiles(): Promise<Record<string, string>> {
  const { ca, cert, key } = await certificateFor('pebble', 'localhost');
  return {
    'acme/pebble.json': JSON.stringify(configuration),
    'acme/cert.pem': cert,
    'acme/key.pem': key,
    'caddy/global.d/ca.pem': ca,
    'caddy/global.d/acme.caddy': globalOptions,
  };
}

/** The root that the server issues under, which it makes anew at each start. */
export async function issuedRoot(files: Readonly<Record<string, string>>): Promise<string> {
  return (await ask({ port: 15_000, ca: files['caddy/global.d/ca.pem'], path: '/roots/0' })).text;
}
