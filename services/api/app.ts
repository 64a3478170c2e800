/** The whole HTTP surface on one screen: what every request passes, the routes, and how a refusal becomes an answer. */
import { OpenAPIHono } from '@hono/zod-openapi';
import { HTTPException } from 'hono/http-exception';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { routePath } from 'hono/route';
import { StoreUnavailable } from '../store/database.ts';
import { type CrossOrigin, crossOrigin } from './http/cross-origin.ts';
import { authenticate, requireRole } from './identity/authenticate.ts';
import type { TokenCheck } from './identity/token-check.ts';
import { plainType, refuseInvalid, smallBody, wholeBody } from './http/body.ts';
import type { AppEnv } from './env.ts';
import { observe } from './http/observe.ts';
import { limitByIp } from './http/rate-limit.ts';
import { problem, Refused } from './http/problem.ts';
import { readableTarget } from './http/text.ts';
import type { RefusalCode } from './http/refusals.ts';
import { assertVerification, OF_SERVICES } from './routes/admin/assert-verification.ts';
import { erase } from './routes/admin/erase.ts';
import { limits } from './routes/admin/limits.ts';
import { otpHistory } from './routes/admin/otp-history.ts';
import { sending } from './routes/admin/sending.ts';
import { stats } from './routes/admin/stats.ts';
import { timeline } from './routes/admin/timeline.ts';
import { userEmails } from './routes/admin/user-emails.ts';
import { login } from './routes/auth/login.ts';
import { refresh } from './routes/auth/refresh.ts';
import { description } from './routes/description.ts';
import { health } from './routes/health.ts';
import { list } from './routes/list.ts';
import { notifications } from './routes/notifications.ts';
import { sendOtp } from './routes/send-otp.ts';
import { status } from './routes/status.ts';
import { verifyOtp } from './routes/verify-otp.ts';

const open = [health, sendOtp, verifyOtp, status, list] as const;
const withAccounts = [login, refresh] as const;
const administration = [userEmails, stats, assertVerification, otpHistory, timeline, limits, sending, erase] as const;

type NeedsOf<Add extends (...parameters: never[]) => unknown> = Parameters<Add>[1];
type All<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer Every) => void
  ? Every
  : never;

/** What every route and everything before them needs, each said where it is used. */
export type Services = All<NeedsOf<(typeof open | typeof withAccounts | typeof administration)[number]>> &
  NeedsOf<typeof notifications> &
  Parameters<typeof observe>[0] &
  Parameters<typeof limitByIp>[0] &
  Readonly<{ tokenCheck: TokenCheck; serviceRoles: ReadonlySet<string>; cors: CrossOrigin }>;

export function createApp(services: Services): OpenAPIHono<AppEnv> {
  const app = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });

  app.use((c, next) => {
    c.set('localeFor', services.localeFor);
    return next();
  });
  app.use(observe(services));
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) => {
        c.header('Allow', methods.join(', '));
        return problem(c, 'method_not_allowed');
      },
    }),
  );
  if (services.cors.origins.length > 0) app.use(crossOrigin(services.cors));
  app.use(readableTarget);
  notifications(app, services);
  app.use('/api/*', limitByIp(services), smallBody);
  app.use('/api/email-verification/*', authenticate(services.tokenCheck));
  app.use(
    '/api/admin/*',
    authenticate(services.tokenCheck),
    requireRole(services.adminRoles, { paths: OF_SERVICES, roles: services.serviceRoles }),
  );
  app.use('/api/*', plainType, wholeBody);

  for (const add of open) add(app, services);
  if (services.accounts.signing) for (const add of withAccounts) add(app, services);
  for (const add of administration) add(app, services);
  description(app);

  app.notFound((c) => problem(c, 'not_found'));
  app.onError((error, c) => {
    if (error instanceof Refused) {
      if (error.cause) services.log.warn(error.code, { requestId: c.get('requestId') }, error.cause);
      return problem(c, error.code, error.facts);
    }
    if (error instanceof StoreUnavailable) {
      services.log.warn('store_unavailable', { requestId: c.get('requestId'), route: routePath(c, -1) }, error);
      return problem(c, 'store_unavailable', { retryAfterSeconds: error.retryAfterSeconds });
    }
    if (error instanceof HTTPException) return problem(c, byStatus(error.status));
    services.log.error('request_failed', { requestId: c.get('requestId'), route: routePath(c, -1) }, error);
    return problem(c, 'internal_error');
  });
  return app;
}

/** What the library itself refuses: broken JSON, and a body of another type. */
function byStatus(httpStatus: number): RefusalCode {
  return httpStatus === 415 ? 'unsupported_media_type' : httpStatus === 413 ? 'body_too_large' : 'invalid_json';
}
