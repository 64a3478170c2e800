/** What a token issuer publishes: its keys (JWKS, RFC 7517), and where they are (OpenID Connect Discovery 1.0, RFC 8414). */
import type { JSONWebKeySet, JWK } from 'jose';

const TIMEOUT_MILLISECONDS = 3000;
const BODY_BYTES_MAX = 262_144;
const REDIRECTS_MAX = 3;
const KEYS_MAX = 100;

/** Where the keys are, or the issuer whose metadata say so. */
export type IssuerSource = Readonly<{ jwksUrl: string }> | Readonly<{ issuerUrl: string }>;

/** There is no such document; whoever is there has answered. */
class NoSuchDocument extends Error {
  override readonly name = 'NoSuchDocument';
}

/** Undefined where an issuer of that name publishes no metadata. Throws with the reason, naming no secret. */
export async function fetchKeySet(source: IssuerSource): Promise<JSONWebKeySet | undefined> {
  const url = 'jwksUrl' in source ? source.jwksUrl : await discoverKeys(source.issuerUrl);
  if (url === undefined) return undefined;
  const keySet = (await fetchJson(url, 'keys')) as Partial<JSONWebKeySet> | null;
  if (!Array.isArray(keySet?.keys)) throw new Error('What the token issuer answered are no keys.');
  if (keySet.keys.length > KEYS_MAX) throw new Error('The token issuer has too many keys.');
  return { keys: keySet.keys.map(namedAlike) };
}

/** Ed25519 and EdDSA name the same signature over this curve (RFC 9864 2.2): the token says by which name it goes. */
function namedAlike(key: JWK): JWK {
  if (key?.crv !== 'Ed25519' || (key.alg !== 'EdDSA' && key.alg !== 'Ed25519')) return key;
  const { alg: _, ...named } = key;
  return named;
}

async function discoverKeys(issuerUrl: string): Promise<string | undefined> {
  for (const url of metadataUrls(issuerUrl)) {
    try {
      return keysOf(await fetchJson(url, 'metadata'), issuerUrl);
    } catch (error) {
      if (!(error instanceof NoSuchDocument)) throw error;
    }
  }
  return undefined;
}

/** OpenID Connect Discovery 4; RFC 8414 3.1, for issuers that are no OpenID provider. */
function metadataUrls(issuerUrl: string): readonly string[] {
  const { origin, pathname } = new URL(issuerUrl);
  const path = pathname.replace(/\/$/, '');
  return [
    `${origin}${path}/.well-known/openid-configuration`,
    `${origin}/.well-known/oauth-authorization-server${path}`,
  ];
}

/** Metadata that name another issuer are another's (OpenID Connect Discovery 4.3). */
function keysOf(metadata: unknown, issuerUrl: string): string {
  const { issuer, jwks_uri: keysUrl } = (metadata ?? {}) as Readonly<{ issuer?: unknown; jwks_uri?: unknown }>;
  if (typeof issuer !== 'string' || typeof keysUrl !== 'string' || !URL.canParse(keysUrl)) {
    throw new Error('The metadata of the token issuer lack issuer or jwks_uri.');
  }
  if (issuer !== issuerUrl) {
    throw new Error(`The metadata are of the issuer ${JSON.stringify(issuer.slice(0, 200))}: JWT_ISSUER must be that.`);
  }
  const [from, to] = [new URL(issuerUrl), new URL(keysUrl)];
  if (to.protocol === 'https:' || (to.protocol === 'http:' && from.protocol === 'http:')) return keysUrl;
  throw new Error('The metadata of the token issuer name keys that are not at an https URL.');
}

async function fetchJson(url: string, what: 'keys' | 'metadata'): Promise<unknown> {
  const response = await follow(url, AbortSignal.timeout(TIMEOUT_MILLISECONDS));
  if (response.status !== 200 || !response.body) {
    await response.body?.cancel();
    const message = `The token issuer answered ${response.status} where its ${what} should be.`;
    throw response.status === 404 ? new NoSuchDocument(message) : new Error(message);
  }
  let text = '';
  let bytes = 0;
  const decoder = new TextDecoder();
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > BODY_BYTES_MAX) throw new Error(`The ${what} of the token issuer are too long.`);
    text += decoder.decode(chunk, { stream: true });
  }
  return JSON.parse(text + decoder.decode());
}

/** Only to the same host by the same protocol: who has the name of the issuer is to be asked, and nobody else. */
async function follow(url: string, signal: AbortSignal): Promise<Response> {
  let at = new URL(url);
  for (let redirects = 0; ; redirects++) {
    const headers = { accept: 'application/json, application/jwk-set+json' };
    const response = await fetch(at, { headers, redirect: 'manual', signal });
    const location = response.headers.get('location');
    if (response.status < 300 || response.status > 399 || location === null) return response;
    await response.body?.cancel();
    if (redirects === REDIRECTS_MAX) throw new Error('The token issuer redirects again and again.');
    const to = URL.canParse(location, at) ? new URL(location, at) : undefined;
    if (to?.origin !== at.origin) throw new Error('The token issuer redirects to another host.');
    at = to;
  }
}
