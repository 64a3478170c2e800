/** `sealpost secrets export` and `import`: what a stack made for itself, its certificates and its .env, as one sealed file. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { parseEnvFile } from '../runtime/env-file.ts';
import { seal, unseal } from '../runtime/sealed.ts';
import { writeWhole } from '../runtime/whole-file.ts';
import { edgeFiles, readEdge, writeEdge } from './sealed-edge.ts';
import { secretNames } from './secret-names.ts';

const bundle = z.object({
  made: z.record(z.string().regex(/^[A-Z][A-Z\d_]*$/), z.string()),
  /** The text of .env; empty where there is none. */
  env: z.string(),
  /** What Caddy has made; earlier files have none. */
  edge: edgeFiles.default({}),
});

type Bundle = z.infer<typeof bundle>;

/** Where a stack keeps them. */
export type Place = Readonly<{ folder: string; env: string; edge: string | undefined }>;

/** Seals all there is. Throws where nothing was made yet. */
export function exportSecrets(place: Place, passphrase: string): Readonly<{ text: string; names: readonly string[] }> {
  const all = readAll(place);
  const names = namesIn(all);
  if (names.length === 0) throw new Error(`There are no secrets in ${place.folder}: start the stack first.`);
  return { text: seal(JSON.stringify(all), passphrase), names };
}

/**
 * Puts back what is missing; what is there stays. Throws where something else is there by the same name, unless `force` is given,
 * and NotOpened; nothing is written then.
 */
export function importSecrets(
  place: Place,
  { sealed, passphrase, force }: Readonly<{ sealed: string; passphrase: string; force: boolean }>,
): readonly string[] {
  const parsed = bundle.safeParse(JSON.parse(unseal(sealed, passphrase)));
  if (!parsed.success) throw new Error('The file opens, but a later version of Sealpost wrote it: use that one.');
  const [brought, there] = [parsed.data, readAll(place)];
  const differing = differingNames(brought, there);
  if (differing.length > 0 && !force)
    throw new Error(
      `There are others here by the same names: ${differing.join(', ')}. Add --force to put those of the file in their place. Nothing was written.`,
    );
  const fresh = Object.entries(brought.made).filter(([name, value]) => there.made[name] !== value);
  for (const [name, value] of fresh) writeWhole(join(place.folder, 'made', name), value, 0o400);
  const isEnvNew = brought.env.trim() !== '' && (there.env.trim() === '' || (force && there.env !== brought.env));
  if (isEnvNew) {
    if (there.env.trim() !== '') writeWhole(`${place.env}.before`, there.env);
    // In place, since the file is the operator's and the writer may be root.
    writeFileSync(place.env, brought.env, { mode: 0o600, flush: true });
  }
  const certificates = writeEdge(place.edge, brought.edge, force);
  return [
    ...fresh.map(([name]) => name),
    ...(isEnvNew ? ['.env'] : []),
    ...(certificates > 0 ? [`${certificates} files of Caddy`] : []),
  ];
}

function readAll({ folder, env, edge }: Place): Bundle {
  const made = join(folder, 'made');
  const names = orNothing(() => readdirSync(made), []).filter((name) => !name.endsWith('.new'));
  return {
    made: Object.fromEntries(names.map((name) => [name, readFileSync(join(made, name), 'utf8')])),
    env: orNothing(() => readFileSync(env, 'utf8'), ''),
    edge: readEdge(edge),
  };
}

function orNothing<T>(read: () => T, nothing: T): T {
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return nothing;
    throw error;
  }
}

const given = ({ env }: Bundle): ReadonlyMap<string, string> => {
  const values = parseEnvFile(env);
  return new Map(secretNames().flatMap((name) => (values[name] ? [[name, values[name]] as const] : [])));
};

const namesIn = (all: Bundle): readonly string[] => [...new Set([...Object.keys(all.made), ...given(all).keys()])];

/** Of those that both have. */
function differingNames(brought: Bundle, there: Bundle): readonly string[] {
  const made = Object.keys(brought.made).filter(
    (name) => there.made[name] !== undefined && there.made[name] !== brought.made[name],
  );
  if (there.env.trim() === '') return made;
  const [its, ours] = [given(brought), given(there)];
  const inEnv = [...new Set([...its.keys(), ...ours.keys()])].filter((name) => its.get(name) !== ours.get(name));
  return [...new Set([...made, ...inEnv])];
}
