/** A small fault that is put into the product to see whether a test notices it: what, where, what it breaks, who must fail. */

export type Mutant = Readonly<{
  /** What is wrong with it, in a few words that name it alone. */
  fault: string;
  /** Of guarantees.ts: what the fault breaks. */
  breaks: readonly string[];
  /** From the root of the repository; `from` stands in it exactly once and becomes `to`. */
  file: string;
  from: string;
  to: string;
  /** The test that must fail: its file, and a part of its name that no other test there has. */
  test: string;
  named: string;
}>;

/** The file's text with the fault in it; why it can't be put there any more, where it can't. */
export function mutate(text: string, { file, from, to }: Mutant): { text: string } | { wrong: string } {
  if (from === to) return { wrong: `changes nothing of ${file}` };
  const times = text.split(from).length - 1;
  if (times !== 1) return { wrong: `${file} has its text ${times} times, not once` };
  return { text: text.replace(from, () => to) };
}

/** Whether its test needs the Docker engine. */
export const needsStack = ({ test }: Mutant): boolean => test.startsWith('test/stack/');
