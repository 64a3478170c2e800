/** More faults of the settings and of what a process runs on. */
import type { Mutant } from '../mutant.ts';
import { mutantsOf } from '../file-rows.ts';

export const blindRuntimeMutants: readonly Mutant[] = [
  ...mutantsOf('services/config/identity.ts', 'test/config/bounds.test.ts', [
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
      'a connection that is kept holds a stop up',
      ['F20'],
      '      server.closeAllConnections();\n',
      '',
      'is closed at once, also while somebody keeps a connection',
    ],
  ]),
  ...mutantsOf('services/config/placeholders.ts', 'test/config/between.test.ts', [
    [
      'sample secrets are refused outside production too',
      ['T24'],
      "settings.NODE_ENV === 'production'",
      "settings.NODE_ENV !== 'development'",
      'super_secure_jwt_secret_for_production_use_256_bits is refused in production',
    ],
  ]),
  ...mutantsOf('services/config/database.ts', 'test/config/options.test.ts', [
    [
      'a password of its own goes before DATABASE_URL',
      ['T26'],
      'const url = settings.DATABASE_URL ?? urlOf(',
      "const url = password === '' && settings.DATABASE_URL ? settings.DATABASE_URL : urlOf(",
      'is the URL as it stands, before all parts',
    ],
  ]),
];
