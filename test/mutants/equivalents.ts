/** Stryker's mutants that no test can tell from the program, and why. Whatever else survives is a gap in the tests. */

export type Equivalent = Readonly<{
  file: string;
  /** The line that the mutant begins on, without its indentation. */
  line: string;
  /** What Stryker puts in, as its report spells it. */
  becomes: string;
  why: string;
}>;

export const equivalents: readonly Equivalent[] = [];
