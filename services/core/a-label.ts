/** A-labels of domain names (RFC 5890 2.3.2.1): whether one that was typed as such stands for a label at all. */

const PREFIX = 'xn--';
/** RFC 3492 5. */
const [BASE, T_MIN, T_MAX, SKEW, DAMP, BIAS, N] = [36, 1, 26, 38, 700, 72, 128] as const;

/** True of every other label. The URL parser passes over what is ASCII already (UTS 46 with ignored invalid Punycode). */
export function standsForALabel(label: string): boolean {
  if (!label.startsWith(PREFIX)) return true;
  const decoded = decodePunycode(label.slice(PREFIX.length));
  if (decoded === undefined || !/[^\0-\x7f]/.test(decoded)) return false;
  const url = `http://${decoded}.example/`;
  return URL.canParse(url) && new URL(url).hostname === `${label}.example`;
}

/** RFC 3492 6.2, of lower case; undefined where it encodes nothing. */
function decodePunycode(text: string): string | undefined {
  const last = text.lastIndexOf('-');
  const output = Array.from(last > 0 ? text.slice(0, last) : '', (one) => one.codePointAt(0) ?? 0);
  const digits = Array.from(text.slice(last > 0 ? last + 1 : 0), valueOf);
  let [n, i, bias] = [N as number, 0, BIAS as number];
  for (let at = 0; at < digits.length;) {
    const before = i;
    for (let [w, k] = [1, BASE as number]; ; k += BASE) {
      const digit = digits[at++];
      if (digit === undefined || digit < 0) return undefined;
      i += digit * w;
      if (i > Number.MAX_SAFE_INTEGER) return undefined;
      const t = Math.min(Math.max(k - bias, T_MIN), T_MAX);
      if (digit < t) break;
      w *= BASE - t;
    }
    const length = output.length + 1;
    bias = adapt(i - before, length, before === 0);
    n += Math.floor(i / length);
    if (n > 0x10ffff) return undefined;
    i %= length;
    output.splice(i++, 0, n);
  }
  return String.fromCodePoint(...output);
}

const valueOf = (one: string): number => 'abcdefghijklmnopqrstuvwxyz0123456789'.indexOf(one);

/** RFC 3492 6.1. */
function adapt(delta: number, length: number, isFirst: boolean): number {
  let rest = Math.floor(delta / (isFirst ? DAMP : 2));
  rest += Math.floor(rest / length);
  let k = 0;
  for (; rest > ((BASE - T_MIN) * T_MAX) / 2; k += BASE) rest = Math.floor(rest / (BASE - T_MIN));
  return k + Math.floor(((BASE - T_MIN + 1) * rest) / (rest + SKEW));
}
