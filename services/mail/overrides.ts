/**
 * The operator's folder of templates, read once at the start. For all languages `default.json`, for one `de.json`; the same
 * in a folder named as a purpose goes before them. Pictures lie beside the file that names them.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PURPOSE } from '../core/purpose.ts';
import { type OverrideFile, readOverride } from './override-file.ts';
import { buildTemplates, type Layer, type Logo, type Templates } from './templates.ts';

const JSON_BYTES_MAX = 65_536;
/** In base64 it makes the mail 4/3 of this larger. */
export const LOGO_BYTES_MAX = 32_768;
const ENTRIES_MAX = 500;

// By its first bytes; mail programs do not show SVG.
const pictures = [
  { contentType: 'image/png', magic: Buffer.from('\x89PNG\r\n\x1a\n', 'latin1') },
  { contentType: 'image/jpeg', magic: Buffer.from('\xff\xd8\xff', 'latin1') },
  { contentType: 'image/gif', magic: Buffer.from('GIF8', 'latin1') },
] as const;

export type Found = Readonly<{ templates: Templates; problems: readonly string[] }>;

/** Never throws: everything that is wrong is in `problems`, a line each, which begins with the file's name. */
export function readTemplates(folder: string): Found {
  const problems: string[] = [];
  const layers: Layer[] = [];
  attempt('', () => readFolder(''));
  const built = buildTemplates(layers);
  return { templates: built.templates, problems: [...problems, ...built.problems] };

  function readFolder(purpose: string): void {
    // What begins with a dot is not meant: the ..data of a mounted ConfigMap, an editor's file.
    const names = readdirSync(join(folder, purpose)).filter((name) => !name.startsWith('.'));
    if (names.length > ENTRIES_MAX) {
      return void problems.push(`${purpose || 'the folder'}: must have at most ${ENTRIES_MAX} files`);
    }
    for (const name of names.toSorted()) {
      const path = purpose === '' ? name : `${purpose}/${name}`;
      attempt(path, () => readEntry(purpose, name, path));
    }
  }

  function readEntry(purpose: string, name: string, path: string): void {
    if (statSync(join(folder, path)).isDirectory()) {
      if (purpose === '' && PURPOSE.test(name)) return readFolder(name);
      return void problems.push(
        `${path}: a folder must be named after a purpose: a letter, then letters, digits, _ or -`,
      );
    }
    if (/\.(?:png|jpe?g|gif)$/i.test(name)) return;
    const tag = /^(.*)\.json$/.exec(name)?.[1];
    if (tag === undefined) return void problems.push(`${path}: only .json files and pictures are allowed here`);
    const locale = tag === 'default' ? '' : tag;
    if (!isTag(locale)) return void problems.push(`${path}: must be named after a language tag, such as pt-BR.json`);
    const read = readOverride(bytesOf(path, JSON_BYTES_MAX).toString('utf8'), locale);
    if (!read.ok) return void problems.push(...read.problems.map((problem) => `${path}: ${problem}`));
    const { minutes, ...wording } = read.file.wording ?? {};
    const logo = read.file.logo && logoOf(purpose, path, read.file.logo);
    layers.push({
      file: path,
      purpose,
      locale,
      logo,
      wording,
      minutes: minutes ?? {},
      colours: read.file.colours ?? {},
    });
  }

  function logoOf(purpose: string, path: string, { file, width }: NonNullable<OverrideFile['logo']>): Logo | undefined {
    const place = purpose === '' ? file : `${purpose}/${file}`;
    return attempt(`${path}: logo ${place}`, () => {
      const bytes = bytesOf(place, LOGO_BYTES_MAX);
      const picture = pictures.find(({ magic }) => bytes.subarray(0, magic.length).equals(magic));
      if (!picture) throw new Error('must be a PNG, JPEG or GIF picture');
      return { bytes, contentType: picture.contentType, filename: file, width };
    });
  }

  function bytesOf(path: string, bytesMax: number): Buffer {
    const { size } = statSync(join(folder, path));
    if (size > bytesMax) throw new Error(`has ${size} bytes; the limit is ${bytesMax}`);
    return readFileSync(join(folder, path));
  }

  function attempt<T>(what: string, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      problems.push(`${what || 'the folder'}: ${code ? `cannot be read (${code})` : message}`);
      return undefined;
    }
  }
}

function isTag(tag: string): boolean {
  if (tag === '') return true;
  try {
    return Intl.getCanonicalLocales(tag)[0] === tag;
  } catch {
    return false;
  }
}
