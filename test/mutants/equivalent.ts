/** A mutant of Stryker's that no test can tell from the program. */
export type Equivalent = Readonly<{
  file: string;
  /** The line that the mutant begins on, without its indentation. */
  line: string;
  /** What Stryker puts in, as its report spells it. */
  becomes: string;
  why: string;
}>;
