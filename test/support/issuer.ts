/** A token issuer on this machine: publishes whatever a path is given, and signs. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';

type Answer = Readonly<{ status?: number; headers?: Record<string, string>; body?: unknown }>;

export type IssuerKey = Readonly<{
  jwk: JWK;
  /** A name of null leaves the `kid` out. */
  sign(claims: JWTPayload, header?: Readonly<{ alg?: string; kid?: string | null }>): Promise<string>;
}>;

/** Of the key as it is published, `published` is what is said otherwise. */
export async function issuerKey(alg: string, kid?: string, published: JWK = {}): Promise<IssuerKey> {
  const pair = await generateKeyPair(alg === 'Ed25519' ? 'EdDSA' : alg, { extractable: true });
  const jwk = { ...(await exportJWK(pair.publicKey)), ...(kid ? { kid } : {}), alg, use: 'sig', ...published };
  return {
    jwk,
    sign: (claims, header = {}) => {
      const name = header.kid === undefined ? kid : header.kid;
      return new SignJWT({ exp: Math.floor(Date.now() / 1000) + 300, ...claims })
        .setProtectedHeader({ alg: header.alg ?? alg, typ: 'JWT', ...(name ? { kid: name } : {}) })
        .sign(pair.privateKey);
    },
  };
}

export async function startIssuer() {
  const answers = new Map<string, Answer>();
  const asked: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    asked.push(url);
    const { status = 200, headers = {}, body = {} } = answers.get(url) ?? { status: 404 };
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    asked,
    answers,
    keysAt: (path: string, ...keys: readonly IssuerKey[]) =>
      void answers.set(path, { body: { keys: keys.map(({ jwk }) => jwk) } }),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
