/** An ACME server (pebble) for a stack: its files, and the root of the certificates that it issues. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ask } from './ask.ts';

const run = promisify(execFile);

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
  const folder = await mkdtemp(join(tmpdir(), 'sealpost-acme-'));
  const at = (name: string): string => join(folder, name);
  const openssl = (...args: readonly string[]) => run('openssl', args, { cwd: folder });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  await openssl('req', '-x509', ...key, '-days', '2', '-subj', '/CN=ca', '-keyout', 'ca.key', '-out', 'ca.pem');
  const names = ['-addext', 'subjectAltName=DNS:pebble,DNS:localhost', '-addext', 'basicConstraints=critical,CA:FALSE'];
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', ...names];
  await openssl(
    'req',
    '-x509',
    ...key,
    '-days',
    '2',
    '-subj',
    '/CN=pebble',
    ...signed,
    '-keyout',
    'key.pem',
    '-out',
    'cert.pem',
  );
  const [ca, cert, privateKey] = await Promise.all(
    ['ca.pem', 'cert.pem', 'key.pem'].map((name) => readFile(at(name), 'utf8')),
  );
  await rm(folder, { recursive: true });
  return {
    'acme/pebble.json': JSON.stringify(configuration),
    'acme/cert.pem': cert ?? '',
    'acme/key.pem': privateKey ?? '',
    'caddy/global.d/ca.pem': ca ?? '',
    'caddy/global.d/acme.caddy': globalOptions,
  };
}

/** The root that the server issues under, which it makes anew at each start. */
export async function issuedRoot(files: Readonly<Record<string, string>>): Promise<string> {
  return (await ask({ port: 15_000, ca: files['caddy/global.d/ca.pem'], path: '/roots/0' })).text;
}
