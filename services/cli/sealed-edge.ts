/** What the edge has made of its own, as Caddy keeps it in its data folder: certificates, their keys, its account at the authority. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { writeWhole } from '../runtime/whole-file.ts';

const KEPT = ['acme', 'certificates', 'pki'] as const;
const BYTES_MAX = 4 * 2 ** 20;

const NAME = /^(?:acme|certificates|pki)(?:\/(?!\.{1,2}(?:\/|$))[\w.@*+-]+)+$/;

/** Names below Caddy's folder, none of which leads out of it, and the texts: PEM and JSON. */
export const edgeFiles = z.record(z.string().regex(NAME), z.string());

export type EdgeFiles = z.infer<typeof edgeFiles>;

/** Nothing where there is no such folder, or the edge has made none. Throws where there is more than travels with secrets. */
export function readEdge(folder: string | undefined): EdgeFiles {
  if (folder === undefined) return {};
  const names = KEPT.filter((name) => existsSync(join(folder, 'caddy', name))).flatMap((name) =>
    readdirSync(join(folder, 'caddy', name), { recursive: true, encoding: 'utf8' }).map((below) => `${name}/${below}`),
  );
  const files = names.filter((name) => NAME.test(name) && statSync(join(folder, 'caddy', name)).isFile());
  const bytes = files.reduce((sum, name) => sum + statSync(join(folder, 'caddy', name)).size, 0);
  if (bytes > BYTES_MAX)
    throw new Error(`Caddy's folder has ${bytes} bytes of certificates: at most ${BYTES_MAX} travel with the secrets.`);
  return Object.fromEntries(files.map((name) => [name, readFileSync(join(folder, 'caddy', name), 'utf8')]));
}

/** Puts back what is missing, with `force` also in the place of what is there. Returns how many files it wrote. */
export function writeEdge(folder: string | undefined, files: EdgeFiles, force: boolean): number {
  if (folder === undefined) return 0;
  const fresh = Object.entries(files).filter(([name]) => force || !existsSync(join(folder, 'caddy', name)));
  for (const [name, text] of fresh) {
    const file = join(folder, 'caddy', name);
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeWhole(file, text);
  }
  return fresh.length;
}
