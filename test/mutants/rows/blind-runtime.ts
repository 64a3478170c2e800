/** More faults of the settings and of what a process runs on. */
import type { Mutant } from '../mutant.ts';
import { mutantsOf } from '../file-rows.ts';

export const blindRuntimeMutants: readonly Mutant[] = [
  ...mutantsOf('services/config/keys.ts', 'test/config/bounds.test.ts', [
    [
      'a secret is measured in characters',
      ['T24'],
      'Buffer.byteLength(text) >= SECRET_BYTES_MIN',
      'text.length >= SECRET_BYTES_MIN',
      'JWT_SECRET is measured in bytes',
    ],
  ]),
  ...mutantsOf('services/runtime/metrics-server.ts', 'test/runtime/metrics.test.ts', [
    [
      'a scrape that waits holds a stop up',
      ['F20'],
      '      server.closeAllConnections();\n',
      '',
      'is closed at once, also while a scrape waits',
    ],
  ]),
];
