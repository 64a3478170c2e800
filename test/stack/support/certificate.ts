/** A certificate for the given names by an authority of its own, all as PEM, made by openssl. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export type Certificate = Readonly<{ ca: string; cert: string; key: string }>;

export async function certificateFor(...names: readonly string[]): Promise<Certificate> {
  const folder = await mkdtemp(join(tmpdir(), 'sealpost-certificate-'));
  const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');
  const make = (...args: readonly string[]) => run('openssl', ['req', '-x509', ...args], { cwd: folder });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  await make(...newKey, '-subj', '/CN=ca', '-keyout', 'ca.key', '-out', 'ca.pem');
  const alternatives = `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}`;
  const signed = [
    '-CA',
    'ca.pem',
    '-CAkey',
    'ca.key',
    '-addext',
    alternatives,
    '-addext',
    'basicConstraints=critical,CA:FALSE',
  ];
  await make(...newKey, '-subj', `/CN=${names[0]}`, ...signed, '-keyout', 'key.pem', '-out', 'cert.pem');
  const [ca, cert, key] = [await read('ca.pem'), await read('cert.pem'), await read('key.pem')];
  await rm(folder, { recursive: true });
  return { ca, cert, key };
}
