/** The description of the API, to the letter: whoever changes what clients generate from sees it in the diff of test/api/openapi.json. */
import { expect, test } from 'vitest';
import { createApp, type Services } from '../../services/api/app.ts';
import { createLog } from '../../services/runtime/log.ts';
import { createMetrics } from '../../services/runtime/metrics.ts';
import { NO_TRACES } from '../../services/runtime/traces.ts';

test('is test/api/openapi.json; npx vitest run test/api/description.test.ts -u writes it', async () => {
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
  const answer = await createApp(services as unknown as Services).request('/openapi.json');
  expect(answer.status).toBe(200);
  await expect(`${JSON.stringify(await answer.json(), null, 2)}\n`).toMatchFileSnapshot('openapi.json');
});
