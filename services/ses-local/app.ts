/** Composes the routes: the query protocol, the behaviour switch, the mailbox and its pages. */
import { Hono } from 'hono';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { mountBehaviour } from './behaviour-routes.ts';
import { CERTIFICATE_PATH } from './feedback.ts';
import { ownPagesOnly } from './own-pages-only.ts';
import { mountMessages } from './message-routes.ts';
import { mountPages } from './page-routes.ts';
import { problem } from './problem.ts';
import { mountQuery } from './query-route.ts';
import type { App, Service } from './service.ts';

/** The whole HTTP surface. It answers; it does not log. `hostNames`: under which others reach it beside this machine's own. */
export function createApp(service: Service, hostNames: readonly string[] = []): App {
  const app: App = new Hono();
  app.use(ownPagesOnly(hostNames));
  app.use(methodNotAllowed({ app, onMethodNotAllowed: (_, methods) => notAllowed(methods) }));
  app.onError(() => problem(500, 'The local SES failed to answer.'));
  app.notFound(() => problem(404, 'There is nothing here.'));
  app.get('/health', (c) => c.text('OK'));
  app.get('/calls', (c) => c.json(service.account.permissions.calls()));
  app.get(CERTIFICATE_PATH, async (c) => c.text(await service.account.feedback.publicKey()));
  mountQuery(app, service);
  mountBehaviour(app, service);
  mountMessages(app, service.account.mailbox);
  mountPages(app, service);
  return app;
}

function notAllowed(methods: readonly string[]): Response {
  const response = problem(405, `This takes ${methods.join(', ')}.`);
  response.headers.set('allow', methods.join(', '));
  return response;
}
