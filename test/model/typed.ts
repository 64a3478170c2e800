/** How a person, or a phone, writes a code. */

export const forms = [
  'plain',
  'spaced',
  'dashed',
  'hidden',
  'arabic',
  'wide',
  'letters',
  'short',
  'long',
  'empty',
] as const;
export type Form = (typeof forms)[number];

/** A code as a person could send it; what counts of it is as long as `countsOf` says. */
export function written(form: Form, code: string): string {
  switch (form) {
    case 'spaced':
      return ` ${code.slice(0, 3)}\u{00a0}${code.slice(3)}\t`;
    case 'dashed':
      return `${code.slice(0, 2)}-${code.slice(2, 4)}\u{2013}${code.slice(4)}`;
    case 'hidden':
      return `\u{feff}${code.slice(0, 1)}\u{200b}${code.slice(1)}\u{200f}`;
    case 'arabic':
      return code.replaceAll(/\d/g, (digit) => String.fromCodePoint(0x0660 + Number(digit)));
    case 'wide':
      return code.replaceAll(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)));
    case 'letters':
      return 'abcdef';
    case 'short':
      return code.slice(1);
    case 'long':
      return `${code}0`;
    case 'empty':
      return ' - ';
    case 'plain':
      return code;
  }
}

export const countsOf = (form: Form): number =>
  ({ letters: 0, short: 5, long: 7, empty: 0 } as Record<string, number>)[form] ?? 6;
