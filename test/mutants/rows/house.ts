/** Faults of the rules of the house: what is pure, who imports whom, what the driver must not be asked; and one of resend-otp. */
import { mutantsOf } from '../file-rows.ts';

const tidy = 'test/tidy.test.ts';

export const houseMutants = [
  ...mutantsOf('services/core/policy.ts', tidy, [
    [
      'core reads the clock of the process',
      ['I33', 'T35'],
      'Math.ceil((then - now) / 1000)',
      'Math.ceil((then - (now || Date.now())) / 1000)',
      'core is pure',
    ],
  ]),
  ...mutantsOf('services/store/queries.ts', tidy, [
    [
      'a statement of the api runs in a transaction of the driver',
      ['I33', 'F05', 'F06'],
      'await sql`select 1`;',
      'await sql.begin((one) => one`select 1`);',
      'the driver is never asked for begin',
    ],
    [
      'the store knows the mail',
      ['I33'],
      "import { type Sql, StoreUnavailable } from './database.ts';\n",
      "import { type Sql, StoreUnavailable } from './database.ts';\nimport '../mail/mime.ts';\n",
      'folders import only what stands to their right',
    ],
  ]),
  ...mutantsOf('services/store/open-pool.ts', tidy, [
    ['the driver fetches types', ['I33', 'F05', 'F06'], '    fetch_types: false,\n', '', 'its type fetch is off'],
  ]),
  ...mutantsOf('services/api/routes/send-otp.ts', 'test/api/idempotency.test.ts', [
    [
      'resend-otp is not there',
      ['C15'],
      "    ['/api/email-verification/resend-otp', 'Mail the code again', 'resendOtp', RESENDS],\n",
      '',
      'hold on resend-otp',
    ],
  ]),
];
