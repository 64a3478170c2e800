/** GET /openapi.json: the api described (OpenAPI 3.1), from the same definitions that validate; /docs: the same as a page. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnv } from '../env.ts';
import { referencePage } from '../pages/reference.ts';

const about = {
  openapi: '3.1.0',
  info: {
    title: 'Sealpost',
    version: '0.1.0',
    description: 'Proves that a person controls a mailbox, and can say afterwards what happened to every code.',
    license: { name: 'MIT', identifier: 'MIT' },
  },
  servers: [{ url: '/' }],
};

/** After all routes are added. */
export function description(app: OpenAPIHono<AppEnv>): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: "A token of your issuer; the claim userId, else sub, is the caller's id.",
  });
  // Made once, at the start: a fault in a definition then stops the start.
  const document = nameOperations(app.getOpenAPI31Document(about));
  const page = referencePage(document);
  const text = new TextEncoder().encode(JSON.stringify(document));
  app.get('/openapi.json', (c) => c.body(text, 200, { 'Content-Type': 'application/json' }));
  app.get('/docs', (c) => {
    c.header('Content-Security-Policy', page.contentSecurityPolicy);
    return c.html(page.html);
  });
}

type Document = ReturnType<OpenAPIHono<AppEnv>['getOpenAPI31Document']>;

/** Gives each operation a name for generated clients: send-otp is sendOtp; where a path takes both, its POST is postSuppressions. */
function nameOperations(document: Document): Document {
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    const words =
      path.replace(/^\/api\/(?:email-verification|auth|admin\/email-management)\//, '').match(/\w+(?![^{]*\})/g) ?? [];
    if (item.get) item.get.operationId = camelCase(words);
    if (item.post) item.post.operationId = camelCase(item.get ? ['post', ...words] : words);
  }
  return document;
}

function camelCase(words: readonly string[]): string {
  return words.map((word, index) => (index === 0 ? word : word.slice(0, 1).toUpperCase() + word.slice(1))).join('');
}
