/** Every mutant, room by room. */
import type { Mutant } from './mutant.ts';
import { appendMutants } from './rows/append.ts';
import { authTokenMutants } from './rows/auth-tokens.ts';
import { limitHttpMutants } from './rows/limits-http.ts';
import { loginMutants } from './rows/logins.ts';
import { notificationMutants } from './rows/notifications.ts';
import { problemMutants } from './rows/problem-and-body.ts';
import { sessionMutants } from './rows/sessions.ts';

export const mutants: readonly Mutant[] = [
  ...appendMutants,
  ...authTokenMutants,
  ...loginMutants,
  ...sessionMutants,
  ...limitHttpMutants,
  ...notificationMutants,
  ...problemMutants,
];
