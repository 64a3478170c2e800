/** The words, colours and logo of every message: the built-in ones, and over them, layer by layer, the operator's own. */
import { type Catalogue, minuteCategories, type PluralForms, TEXTS, type Words } from './catalogue.ts';
import { lookup } from './locale.ts';
import { catalogues } from './locales/all.ts';
import { purposeWord } from './purpose-words.ts';
import { contrastProblems, defaultTheme, type Theme, type Scheme } from './theme.ts';

export type Logo = Readonly<{ bytes: Buffer; contentType: string; filename: string; width: number }>;

export type Template = Readonly<{
  catalogue: Catalogue;
  theme: Theme;
  logo: Logo | undefined;
  /** What stands for {purpose} in `askedFor`; undefined where the mail does not name the purpose. */
  purposeWord: string | undefined;
}>;

export type Templates = Readonly<{
  locales: ReadonlySet<string>;
  /** Those that have something of their own. */
  purposes: readonly string[];
  /** `locale` is one of `locales`. */
  of(purpose: string, locale: string): Template;
}>;

type Colours = Readonly<{ brand?: string; onBrand?: string; light?: Partial<Scheme>; dark?: Partial<Scheme> }>;

/** What one file changes. `purpose` is empty for all purposes, `locale` is empty for all languages. */
export type Layer = Readonly<{
  file: string;
  purpose: string;
  locale: string;
  wording: Partial<Words>;
  minutes: PluralForms;
  colours: Colours;
  logo: Logo | undefined;
}>;

type Draft = Readonly<{
  words: Partial<Words>;
  minutes: PluralForms;
  theme: Theme;
  logo: Logo | undefined;
  /** A template of this purpose says what it is for. */
  wordsPurpose: boolean;
}>;

/** Puts the layers over each other, general before special; every problem is told once, by the file that makes it. */
export function buildTemplates(layers: readonly Layer[]): { templates: Templates; problems: readonly string[] } {
  const problems = new Set<string>();
  const built = new Set(catalogues.keys());
  const own = (field: 'purpose' | 'locale') => layers.map((layer) => layer[field]).filter((value) => value !== '');
  const locales = new Set([...built, ...own('locale')]);
  const purposes = [...new Set(own('purpose'))].toSorted();
  const found = new Map<string, Template>();
  for (const locale of locales) {
    const parent = lookup(locale, built) ?? '';
    const general = ['', parent, locale].reduce((draft, tag) => over(draft, '', tag), draftOf(parent));
    for (const purpose of ['', ...purposes]) {
      const draft = purpose === '' ? general : ['', parent, locale].reduce((d, tag) => over(d, purpose, tag), general);
      const catalogue = complete(draft, locale, purpose);
      const { theme, logo, wordsPurpose } = draft;
      const word = purposeWord(purpose, parent) ?? (wordsPurpose ? '' : undefined);
      if (catalogue) found.set(keyOf(purpose, locale), { catalogue, theme, logo, purposeWord: word });
    }
  }
  const of = (purpose: string, locale: string): Template => {
    const template = found.get(keyOf(purpose, locale)) ?? found.get(keyOf('', locale));
    if (!template) throw new Error('There is no template in this language.');
    const word = template.purposeWord ?? purposeWord(purpose, lookup(locale, built));
    return { ...template, purposeWord: word };
  };
  return { templates: { locales, purposes, of }, problems: [...problems] };

  function over(draft: Draft, purpose: string, locale: string): Draft {
    const layer = layers.find((one) => one.purpose === purpose && one.locale === locale);
    if (!layer) return draft;
    const { wording, minutes, colours, logo = draft.logo } = layer;
    const theme = paint(draft.theme, colours);
    for (const problem of contrastProblems(theme)) problems.add(`${layer.file}: ${problem}`);
    const { askedFor } = wording;
    if (purpose !== '' && askedFor?.includes('{purpose}') && purposeWord(purpose, 'en') === undefined)
      problems.add(`${layer.file}: askedFor must not contain {purpose}: write out what ${purpose} is`);
    const wordsPurpose = draft.wordsPurpose || (purpose !== '' && askedFor !== undefined);
    const words = { ...draft.words, ...wording };
    return { words, minutes: { ...draft.minutes, ...minutes }, theme, logo, wordsPurpose };
  }

  // Only a language that is not built in can lack anything; it is told once, for all purposes.
  function complete({ words, minutes }: Draft, locale: string, purpose: string): Catalogue | undefined {
    const lacks = built.has(locale) ? [] : lacking(words, minutes, locale);
    if (lacks.length === 0) return { ...(words as Words), minutes };
    if (purpose === '') {
      problems.add(`${locale}.json: a language that is not built in needs every text; missing: ${lacks.join(', ')}`);
    }
    return undefined;
  }
}

function draftOf(locale: string): Draft {
  const { minutes = {}, ...words } = catalogues.get(locale) ?? {};
  return { words, minutes, theme: defaultTheme, logo: undefined, wordsPurpose: false };
}

function lacking(words: Partial<Words>, minutes: PluralForms, locale: string): readonly string[] {
  const forms = minuteCategories(locale).filter((category) => !(category in minutes));
  return [...Object.keys(TEXTS).filter((name) => !(name in words)), ...forms.map((form) => `minutes.${form}`)];
}

function paint(theme: Theme, colours: Colours): Theme {
  const [light, dark] = [
    { ...theme.light, ...colours.light },
    { ...theme.dark, ...colours.dark },
  ];
  return { ...theme, ...colours, light, dark };
}

function keyOf(purpose: string, locale: string): string {
  return `${purpose}/${locale}`;
}

export const builtInTemplates: Templates = buildTemplates([]).templates;
