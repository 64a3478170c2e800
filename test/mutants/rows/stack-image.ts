/** Faults of how the image of our programs is made, and of the packages in it. */
import { mutantsOf } from '../file-rows.ts';

const TEST = 'test/stack-files/image.test.ts';

export const stackImageMutants = [
  ...mutantsOf('services/Dockerfile', TEST, [
    [
      'the programs run as root',
      ['T23'],
      'USER node\nCMD ["node", "services/api',
      'CMD ["node", "services/api',
      'it runs as a user without rights',
    ],
    [
      'the newest Node, whatever it is',
      ['T31'],
      'FROM node:24-slim AS programs\n',
      'FROM node:latest AS programs\n',
      'both images have Node 24',
    ],
    [
      'packages of development are in the image',
      ['T31'],
      'npm ci --omit=dev --omit=optional',
      'npm ci --omit=optional',
      'packages are those of the lock file',
    ],
    [
      'packages run scripts while the image is made',
      ['T31'],
      ' --ignore-scripts --no-audit',
      ' --no-audit',
      'packages are those of the lock file',
    ],
    [
      'packages are newer than the lock file',
      ['T31'],
      'RUN npm ci ',
      'RUN npm install ',
      'packages are those of the lock file',
    ],
    [
      'anybody in the image may read what it keeps',
      ['T25'],
      '-m 700 /secrets',
      '-m 777 /secrets',
      'packages are those of the lock file',
    ],
    [
      'the whole clone is in the image',
      ['T25'],
      'COPY services ./services\nCOPY migrations ./migrations\n# Of which commit it is, where the builder knows.\nARG COMMIT=\nLABEL org.opencontainers.image.revision=$COMMIT\nRUN printf \'%s\' "$COMMIT" > COMMIT\nUSER node\nENTRYPOINT',
      'COPY . .\n# Of which commit it is, where the builder knows.\nARG COMMIT=\nLABEL org.opencontainers.image.revision=$COMMIT\nRUN printf \'%s\' "$COMMIT" > COMMIT\nUSER node\nENTRYPOINT',
      'only what runs is in it',
    ],
    [
      'a secret is built into the image',
      ['T25', 'T24'],
      'LABEL org.opencontainers.image.title="Sealpost"',
      'ENV JWT_SECRET=your-256-bit-secret\nLABEL org.opencontainers.image.title="Sealpost"',
      'it runs as a user without rights',
    ],
    [
      'sample secrets pass, for it is not production',
      ['T24'],
      'FROM postgres:18 AS tools\nENV NODE_ENV=production\n',
      'FROM postgres:18 AS tools\nENV NODE_ENV=development\n',
      'it runs as a user without rights',
    ],
  ]),
  ...mutantsOf('.dockerignore', TEST, [
    ['.env reaches the builder', ['T25'], '!migrations\n', '!migrations\n!.env\n', 'only what runs is in it'],
    ['everything reaches the builder', ['T25'], '*\n!package.json', '!package.json', 'only what runs is in it'],
  ]),
  ...mutantsOf('package.json', TEST, [
    [
      'a package may be newer than the one that was tested',
      ['T31'],
      '"hono": "4',
      '"hono": "^4',
      'what the programs need is named by its exact version',
    ],
  ]),
  ...mutantsOf('package-lock.json', TEST, [
    [
      'a package without a checksum',
      ['T31'],
      '"node_modules/bcrypt": {\n      "version": "6.0.0",\n      "integrity": "sha512-',
      '"node_modules/bcrypt": {\n      "version": "6.0.0",\n      "integrity": "sha1-',
      'every package is the registry',
    ],
    [
      'a package from elsewhere',
      ['T31'],
      '"node_modules/bcrypt": {\n      "version": "6.0.0",\n',
      '"node_modules/bcrypt": {\n      "version": "6.0.0",\n      "resolved": "https://packages.example.com/bcrypt.tgz",\n',
      'every package is the registry',
    ],
  ]),
];
