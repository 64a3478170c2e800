/** Stryker's mutants that no test can tell from the program, and why. Whatever else survives is a gap in the tests. */
import { apiEquivalents } from './equivalents-api.ts';
import { coreEquivalents } from './equivalents-core.ts';
import { mailEquivalents } from './equivalents-mail.ts';
import type { Equivalent } from './equivalent.ts';
import { settingEquivalents } from './equivalents-settings.ts';

export const equivalents: readonly Equivalent[] = [
  ...apiEquivalents,
  ...coreEquivalents,
  ...mailEquivalents,
  ...settingEquivalents,
];
