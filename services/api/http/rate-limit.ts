/**
 * The limits per client IP, exact with any number of api processes, before anything else is done for a request.
 * Says what is left in the RateLimit fields (draft-ietf-httpapi-ratelimit-headers).
 */
import { createMiddleware } from 'hono/factory';
import { keyedHash, type OtpKeys } from '../../runtime/keys.ts';
import type { Limit } from '../../store/limits/take.ts';
import type { TakeOne } from '../../store/limits/take-one.ts';
import { limitKeys } from '../../store/limits/window.ts';
import { type ClientIp, type LimitedUnit, limitedUnits } from './client-ip.ts';
import type { AppEnv } from '../env.ts';
import { Refused } from './problem.ts';

export type IpLimit = Limit & Readonly<{ burst: number; perSecond: number }>;

type Needs = Readonly<{ takeOne: TakeOne; clientIp: ClientIp; ipLimit: IpLimit; otpKeys: OtpKeys }>;

export function limitByIp({ takeOne, clientIp, ipLimit, otpKeys }: Needs) {
  const { max, windowSeconds, burst, perSecond } = ipLimit;
  const policies = [
    ...(max > 0 ? [`"ip";q=${max};w=${windowSeconds}`] : []),
    ...(perSecond > 0 ? [`"ip-burst";q=${burst};w=${Math.ceil(burst / perSecond)}`] : []),
  ];
  const keyOf = ({ name }: LimitedUnit) => limitKeys.ip(keyedHash(otpKeys, 'ip', name));
  const limitOf = (unit: LimitedUnit) => ({ key: keyOf(unit), limit: timesLimit(ipLimit, unit.times) });

  return createMiddleware<AppEnv>(async (c, next) => {
    const ip = clientIp(c);
    // The connection was lost before anybody could know whose it is: nobody waits for an answer.
    if (ip === undefined) throw new Refused('unreadable_request', { detail: 'The connection was lost.' });
    if (policies.length === 0) return next();
    const [own, ...wider] = limitedUnits(ip);
    const one = await takeOne(keyOf(own), ipLimit, wider.map(limitOf));
    c.header('RateLimit-Policy', policies.join(', '));
    if (max > 0) c.header('RateLimit', `"ip";r=${one.left};t=${Math.max(0, one.resetSeconds)}`);
    if (one.granted === 0) throw new Refused('rate_limited', { retryAfterSeconds: one.retryAfterSeconds });
    return next();
  });
}

const timesLimit = ({ max, windowSeconds, burst, perSecond }: IpLimit, times: number): IpLimit => ({
  max: max * times,
  windowSeconds,
  burst: burst * times,
  perSecond: perSecond * times,
});
