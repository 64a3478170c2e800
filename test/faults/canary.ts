/** Canaries: strings that exist once in the world, and the hunt for them in what was printed or stored. */
import { createHash } from 'node:crypto';

export type Canary = Readonly<{ kind: 'address' | 'code' | 'guess' | 'token' | 'key' | 'secret' | 'id'; text: string }>;

type Needle = Readonly<{ canary: string; form: string; needle: string; whole: boolean }>;

/** No form is shorter: a code has ten digits, an address's own part and a key more. */
const START = 10;

/** Where which canary was found, and in what form. It never repeats the canary's own text. */
export function hunt(canaries: readonly Canary[], places: Readonly<Record<string, string>>): readonly string[] {
  const needles = Map.groupBy(canaries.flatMap(formsOf), ({ needle }) => needle.slice(0, START));
  return Object.entries(places).flatMap(([place, text]) => {
    const folded = text.toLowerCase();
    const found = new Set<Needle>();
    // One walk through the text, however many canaries there are.
    for (let at = 0; at <= folded.length - START; at++) {
      for (const one of needles.get(folded.slice(at, at + START)) ?? []) {
        if (folded.startsWith(one.needle, at) && (!one.whole || isWholeNumber(folded, at))) found.add(one);
      }
    }
    return [...found].map(({ canary, form }) => `${place}: ${canary} as ${form}`);
  });
}

/**
 * The forms in which it can lie somewhere. Codes and guesses have ten digits and are looked for as whole numbers: no
 * counter or timestamp that only contains their digits is taken for one, and none equals one by chance.
 */
function formsOf({ kind, text }: Canary, n: number): readonly Needle[] {
  const digest = (name: string, encoding: 'hex' | 'base64') => createHash(name).update(text).digest(encoding);
  const base64 = Buffer.from(text).toString('base64').replace(/=+$/, '');
  const sha256 = digest('sha256', 'base64').slice(0, 24);
  const forms = {
    itself: text,
    base64,
    base64url: urlSafe(base64),
    hex: Buffer.from(text).toString('hex'),
    md5: digest('md5', 'hex'),
    sha1: digest('sha1', 'hex'),
    sha256: digest('sha256', 'hex'),
    'sha256 in base64': sha256,
    'sha256 in base64url': urlSafe(sha256),
  };
  return Object.entries(forms).map(([form, needle]) => ({
    canary: `${kind} ${n}`,
    form,
    needle: needle.toLowerCase(),
    whole: form === 'itself' && (kind === 'code' || kind === 'guess'),
  }));
}

const urlSafe = (text: string): string => text.replaceAll('+', '-').replaceAll('/', '_');

const isWholeNumber = (text: string, at: number): boolean =>
  !/\d/.test(text[at - 1] ?? '') && !/\d/.test(text[at + START] ?? '');
