/** How a token issuer may answer where its keys should be. */
import type { ServerResponse } from 'node:http';

export const issuerFaults: readonly (readonly [string, (response: ServerResponse) => void])[] = [
  ['fails', (response) => void response.writeHead(503).end()],
  ['sends elsewhere', (response) => void response.writeHead(302, { Location: 'https://127.0.0.1:9/jwks.json' }).end()],
  ['answers a page', (response) => void response.end('<title>Sign in</title>')],
  ['answers no list', (response) => void response.end('{"keys":{}}')],
  ['answers null', (response) => void response.end('null')],
  ['has a key that is none', (response) => void response.end('{"keys":[null]}')],
  [
    'has a thousand keys',
    (response) => void response.end(JSON.stringify({ keys: Array.from({ length: 1000 }, () => ({ kty: 'oct' })) })),
  ],
  [
    'never ends',
    (response) => {
      const more = () => {
        while (!response.destroyed && response.write(' '.repeat(65_536)));
      };
      response.on('drain', more);
      more();
    },
  ],
  ['breaks off', (response) => void response.write('{"keys":[', () => response.destroy())],
];
