/** The app with all of its routes and nothing behind them, for what is made at the start: the description and its page. */
import { createApp, type Services } from '../../services/api/app.ts';
import { createLog } from '../../services/runtime/log.ts';
import { createMetrics } from '../../services/runtime/metrics.ts';
import { NO_TRACES } from '../../services/runtime/traces.ts';

export function describedApp() {
  const services = {
    log: createLog({ service: 'api', level: 'silent', stream: { write: () => {} } }),
    metrics: createMetrics('api'),
    traces: NO_TRACES,
    accounts: { signing: { secret: 'there are accounts' }, bcryptRounds: 4 },
    cors: { origins: [], credentials: false },
    adminRoles: new Set<string>(),
    ipLimit: { max: 0, windowSeconds: 900, burst: 0, perSecond: 0 },
    isDraining: () => false,
    writesFail: () => false,
  };
  return createApp(services as unknown as Services);
}
