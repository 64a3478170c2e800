/** GET /openapi.json: the api described (OpenAPI 3.1), from the same definitions that validate; /docs: the same as a page. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import { complete } from '../description/complete.ts';
import { problemDocument } from '../description/problem.ts';
import type { AppEnv } from '../env.ts';
import { referencePage } from '../pages/reference.ts';

const about = {
  openapi: '3.1.0',
  info: {
    title: 'Sealpost',
    version: '0.1.0',
    description:
      'Proves that a person controls a mailbox, and can say afterwards what happened to every code.\n\nBodies are JSON in UTF-8; no text has NUL or half a surrogate pair. Lengths are in UTF-16 code units. Members that are not known are passed over. Whatever is refused is answered with a problem document (RFC 9457), whose `error` is for programs.',
    contact: { name: 'Whoever runs this installation' },
    license: { name: 'MIT', identifier: 'MIT' },
  },
  servers: [{ url: '/', description: 'This installation.' }],
};

/** After all routes are added. */
export function description(app: OpenAPIHono<AppEnv>): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: "A token of your backend or your issuer; the claim userId, else sub, is the caller's id.",
  });
  app.openAPIRegistry.register('Problem', problemDocument);
  // Made once, at the start: a fault in a definition then stops the start.
  const document = complete(app.getOpenAPI31Document(about));
  const page = referencePage(document);
  const text = new TextEncoder().encode(JSON.stringify(document));
  app.get('/openapi.json', (c) => c.body(text, 200, { 'Content-Type': 'application/json' }));
  app.get('/docs', (c) => {
    c.header('Content-Security-Policy', page.contentSecurityPolicy);
    return c.html(page.html);
  });
}
