/** Every mutant, room by room. */
import type { Mutant } from './mutant.ts';
import { adminHttpMutants } from './rows/admin-http.ts';
import { appendMutants } from './rows/append.ts';
import { authTokenMutants } from './rows/auth-tokens.ts';
import { clientHttpMutants } from './rows/client-http.ts';
import { healthMutants } from './rows/health-and-drain.ts';
import { limitHttpMutants } from './rows/limits-http.ts';
import { loginMutants } from './rows/logins.ts';
import { logMutants } from './rows/logs-and-metrics.ts';
import { notificationMutants } from './rows/notifications.ts';
import { problemMutants } from './rows/problem-and-body.ts';
import { sessionMutants } from './rows/sessions.ts';
import { settingMutants } from './rows/settings.ts';

export const mutants: readonly Mutant[] = [
  ...appendMutants,
  ...authTokenMutants,
  ...loginMutants,
  ...sessionMutants,
  ...limitHttpMutants,
  ...notificationMutants,
  ...problemMutants,
  ...adminHttpMutants,
  ...clientHttpMutants,
  ...healthMutants,
  ...logMutants,
  ...settingMutants,
];
