/** The colours of the message, light and dark, and whether a text can be read on its ground (WCAG 2.2, 1.4.3). */

/** Around the card, the card, its text, and the softer text at its end. */
export type Scheme = Readonly<Record<'page' | 'card' | 'ink' | 'soft', string>>;

/** Colours as #rrggbb. The band with the name or the logo is the same in light and dark, so that one logo fits both. */
export type Theme = Readonly<{ brand: string; onBrand: string; light: Scheme; dark: Scheme }>;

export const CONTRAST_MIN = 4.5;

export const defaultTheme: Theme = {
  brand: '#0f625c',
  onBrand: '#ffffff',
  light: { page: '#f5f4ef', card: '#fffefb', ink: '#1d2327', soft: '#5b636b' },
  dark: { page: '#131619', card: '#1b1f23', ink: '#e9e7e2', soft: '#9ea6ae' },
};

/** Every text that cannot be read on its ground, a line each. */
export function contrastProblems({ brand, onBrand, light, dark }: Theme): readonly string[] {
  const pairs = [
    { text: 'onBrand', ground: 'brand', ratio: contrast(onBrand, brand) },
    ...Object.entries({ light, dark }).flatMap(([name, { ink, soft, card }]) => [
      { text: `${name}.ink`, ground: `${name}.card`, ratio: contrast(ink, card) },
      { text: `${name}.soft`, ground: `${name}.card`, ratio: contrast(soft, card) },
    ]),
  ];
  return pairs
    .filter(({ ratio }) => ratio < CONTRAST_MIN)
    .map(
      ({ text, ground, ratio }) =>
        `colours.${text} on ${ground} has a contrast of ${floor(ratio)}:1; the minimum is ${CONTRAST_MIN}:1`,
    );
}

/** From 1 to 21, whichever of the two is the text. */
export function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

// Relative luminance of sRGB, as WCAG defines it.
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const floor = (ratio: number): string => (Math.floor(ratio * 100) / 100).toFixed(2);
