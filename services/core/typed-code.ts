/** A code as a person typed or pasted it, read as the plain digits that were mailed. */

const doesNotCount = /[\s\p{Dash}\p{Default_Ignorable_Code_Point}\p{Cf}]/gu;
const digit = /^\p{Nd}$/u;

/** Compatible forms (NFKC) are read as what they stand for, digits of any script become 0 to 9; blanks, dashes and invisible marks go; all else stays as it is, and is no code. */
export function typedCode(text: string): string {
  const plain = text.normalize('NFKC').replaceAll(doesNotCount, '');
  return plain.replaceAll(/\p{Nd}/gu, (one) => String(valueOf(one)));
}

// Unicode keeps the ten digits of a script together and in order: 0 has none before it, or those of another script.
function valueOf(one: string): number {
  let before = 0;
  while (digit.test(String.fromCodePoint((one.codePointAt(0) ?? 0) - before - 1))) before++;
  return before % 10;
}
