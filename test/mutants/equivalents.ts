/** Stryker's mutants that no test can tell from the program, and why. Whatever else survives is a gap in the tests. */
import { apiEquivalents } from './equivalents-api.ts';
import { coreEquivalents } from './equivalents-core.ts';
import { mailEquivalents } from './equivalents-mail.ts';
import { settingEquivalents } from './equivalents-settings.ts';

export type Equivalent = Readonly<{
  file: string;
  /** The line that the mutant begins on, without its indentation. */
  line: string;
  /** What Stryker puts in, as its report spells it. */
  becomes: string;
  why: string;
}>;

export const equivalents: readonly Equivalent[] = [
  ...apiEquivalents,
  ...coreEquivalents,
  ...mailEquivalents,
  ...settingEquivalents,
];
