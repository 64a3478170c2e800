/** Stryker's mutants of one room, named by ROOM, against the tests of that room alone: see test/mutants/README.md. */
const rooms = {
  core: ['services/core/**/*.ts'],
  config: ['services/config/*.ts'],
  mail: ['services/mail/*.ts', '!services/mail/{theme,message-html,iam-policy}.ts'],
  api: [
    'services/api/{email-record,fields,paging,refresh-token,tokens-for}.ts',
    'services/api/http/{body,client-ip,cross-origin,malformed-request,problem,refusals}.ts',
  ],
  runtime: ['services/runtime/{erasure-ledger,keys,local-environment,password,settings,token}.ts'],
};

const { ROOM = 'core' } = process.env;
if (!(ROOM in rooms)) throw new Error(`ROOM must be one of ${Object.keys(rooms).join(', ')}.`);

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  testRunner: 'vitest',
  vitest: { configFile: 'test/mutants/vitest.config.ts', related: false },
  mutate: rooms[ROOM],
  coverageAnalysis: 'perTest',
  concurrency: 2,
  tsconfigFile: 'no-such-tsconfig.json',
  tempDirName: '.stryker',
  reporters: ['progress-append-only', 'json', 'html'],
  jsonReporter: { fileName: `reports/mutation-${ROOM}.json` },
  htmlReporter: { fileName: `reports/mutation-${ROOM}.html` },
  allowEmpty: false,
  timeoutMS: 10_000,
};
