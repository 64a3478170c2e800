/** POST erase: a person is forgotten (GDPR 17). The address and the users' ids go; events, counts and who did it stay. */
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { addressHash, type OtpKeys } from '../../../runtime/keys.ts';
import { appendToLedger } from '../../../runtime/erasure-ledger.ts';
import { eraseAddress } from '../../../store/erasure.ts';
import { jsonBody, saidDone } from '../../describe.ts';
import type { AppEnv } from '../../env.ts';
import type { BoundedSql } from '../../../store/database.ts';
import type { Handler } from '../../../store/handle.ts';
import { addressBody } from '../../fields.ts';

const DONE = 'Nothing that identifies this person is left.';

const route = createRoute({
  method: 'post',
  operationId: 'eraseAddress',
  path: '/api/admin/email-management/erase',
  tags: ['Erasure'],
  'x-asks': 'Erase this person? It cannot be undone.',
  summary: 'Erase the person behind an address',
  description:
    'Takes the address and the ids of its users out of every event and table. The events, the counts and the admin who did it stay. It cannot be undone.',
  security: [{ bearer: [] }],
  request: { body: jsonBody(addressBody) },
  responses: {
    200: saidDone('Done, or there was nothing to erase.', DONE),
  },
});

type Needs = Readonly<{
  sql: BoundedSql;
  handler: Handler;
  /** The file of the erasures, and its keys, newest first; absent: none is kept. */
  erasureLedger: Readonly<{ file: string; keys: OtpKeys }> | undefined;
}>;

export function erase(app: OpenAPIHono<AppEnv>, { sql, handler, erasureLedger }: Needs): void {
  app.openapi(route, async (c) => {
    const { email: address } = c.req.valid('json');
    // First, so that no erasure is ever missing from it.
    if (erasureLedger) {
      const { file, keys } = erasureLedger;
      const [{ id: keyId }] = keys;
      const hash = addressHash(keys, keyId, address) ?? '';
      await appendToLedger(file, { at: new Date().toISOString(), keyId, addressHash: hash });
    }
    await eraseAddress({ sql, handler }, address, c.get('caller').userId);
    return c.json({ success: true as const, message: DONE }, 200);
  });
}
