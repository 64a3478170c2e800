/** Faults of how the operator's .env is read for the secrets in it. */
import { mutantsOf } from '../file-rows.ts';

export const stackSecretFileMutants = [
  ...mutantsOf('services/cli/secrets.ts', 'test/cli/secrets-file.test.ts', [
    [
      'an .env that leads to nowhere is none, and every secret is another',
      ['T24', 'I22'],
      '    if (!lstatSync(file, { throwIfNoEntry: false })) return {};\n',
      '    return {};\n',
      'with --from they are the file',
    ],
  ]),
  ...mutantsOf('services/runtime/env-file.ts', 'test/runtime/env-file.test.ts', [
    ['a password ends at its first #', ['I36'], "given.replace(/ #.*$/, '')", "given.replace(/#.*$/, '')", 'abc#def'],
    [
      'what is quoted names other settings',
      ['I36'],
      `  if (quote === "'") return inner`,
      '  if (!quote) return inner',
      '$B',
    ],
  ]),
];
