/** The pages are in order: each has its contents, every link leads somewhere, and what is made from the code is up to date. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { refusals } from '../../services/api/http/refusals.ts';
import { guideUses } from '../../services/config/guide.ts';
import { page, pages } from '../support/pages.ts';
import { generated } from './tables.ts';

const root = join(import.meta.dirname, '../..');
const read = (name: string): string => readFileSync(join(root, name), 'utf8');
const documents = [
  ...pages,
  ...['CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md', 'services/README.md'].map((name) => ({
    name,
    text: read(name),
  })),
];

/** A heading's anchor, as GitHub makes it. */
const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');

/** Without blocks of code, where a # is a comment. */
const headingsOf = (text: string, level = '#+'): readonly string[] =>
  [...text.replaceAll(/```[^]*?```/g, '').matchAll(new RegExp(`^${level} (.+)$`, 'gm'))].map(([, title = '']) => title);

describe('the pages', () => {
  test('are all of docs/, and the runbooks', () => {
    const files = globSync('docs/**/*.md', { cwd: root });
    expect(pages.map(({ name }) => name).toSorted()).toEqual(
      ['README.md', 'prometheus/README.md', ...files].toSorted(),
    );
  });

  test.each(pages.slice(1))('$name begins with a sentence of purpose and a list of its contents', ({ text }) => {
    expect(text).toMatch(/^# .+\n\nThis page (?:.+\n)+\n- \[/);
    const contents = [...text.matchAll(/^- \[(.+)\]\(#(.+)\)$/gm)].map(([, title = '', target = '']) => [
      title,
      target,
    ]);
    expect(contents).toEqual(headingsOf(text, '##').map((title) => [title, anchor(title)]));
  });

  test.each(documents)('$name points to files and chapters that are there', ({ name, text }) => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)|`(test\/[\w/.-]+\.test\.ts)`/g)];
    const wrong = links.filter(([, file = '', target, shown]) => {
      const path = shown ?? (file === '' ? name : join(dirname(name), file));
      if (!existsSync(join(root, path))) return true;
      return target !== undefined && !headingsOf(read(path)).map(anchor).includes(target);
    });
    expect(wrong.map(([link]) => link)).toEqual([]);
  });

  test.each(documents)('$name names npm scripts that are there', ({ text }) => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...text.matchAll(/npm run (?:-s )?([a-z][\w:-]*)/g)].map(([, script = '']) => script);
    expect(named.filter((script) => !(script in scripts))).toEqual([]);
  });

  test('quote, after a >, what the code says', () => {
    const sources = [...globSync('services/**/*.{ts,js}', { cwd: root }), 'sealpost', 'caddy/Caddyfile']
      .map(read)
      .join('\n');
    const quotes = pages.flatMap(({ text }) => [...text.matchAll(/^> (.+)$/gm)].map(([, quote = '']) => quote));
    expect(quotes.length).toBeGreaterThan(10);
    expect(quotes.filter((quote) => !sources.includes(quote.replaceAll('&lt;', '<').replaceAll('&gt;', '>')))).toEqual(
      [],
    );
  });
});

describe('what is made from the code', () => {
  test.each(Object.entries(generated()))('%s is as "npm run docs" writes it', (name, text) => {
    expect(read(name)).toBe(text);
  });

  test('has every error code and the 32 variables of the guide', () => {
    const codes = Object.keys(refusals);
    expect(codes.filter((code) => !page('docs/api.md').text.includes(`| \`${code}\` | `))).toEqual([]);
    const settings = page('docs/settings.md').text;
    expect(Object.keys(guideUses).filter((name) => settings.includes(`| \`${name}\``))).toHaveLength(32);
  });
});
