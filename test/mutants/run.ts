/**
 * Puts each fault in and runs the test that must notice it: `npm run mutants`, all of them; `-- --only TEXT` those whose fault,
 * file or test has the text; `-- --minutes N` a sample drawn by `--seed` (today's date where none is given) that ends in
 * time; `-- --stack` those whose tests need the Docker engine. Ends with 1 where one survives or is not applicable any more.
 */
import { parseArgs } from 'node:util';
import { mutants as all } from './all.ts';
import { type Mutant, needsStack } from './mutant.ts';
import type { Verdict } from './verdict.ts';
import { openWorkshop, type Workshop } from './workshop.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    minutes: { type: 'string' },
    seed: { type: 'string', default: new Date().toISOString().slice(0, 10) },
    stack: { type: 'boolean', default: false },
    workers: { type: 'string', default: '2' },
  },
});

const started = performance.now();
const seconds = (): string => ((performance.now() - started) / 1000).toFixed(0);
const chosen = all
  .filter((mutant) => needsStack(mutant) === values.stack)
  .filter(({ fault, file, test, named }) => [fault, file, test, named].some((text) => text.includes(values.only)));
const budget = values.minutes === undefined ? Number.POSITIVE_INFINITY : Number(values.minutes) * 60_000;
const queue = values.minutes === undefined ? [...chosen] : drawn(chosen, values.seed);
/** Tests that passed alone, without a fault. */
const green = new Set<string>();
const found: { mutant: Mutant; verdict: Verdict }[] = [];

if (queue.length === 0) throw new Error('No mutant has that text.');
if (values.minutes !== undefined) {
  console.log(`A sample of ${queue.length} mutants, seed ${values.seed}, for ${values.minutes} minutes.`);
}
// The stack has fixed ports: one at a time.
const workshops = await Promise.all(
  Array.from({ length: values.stack ? 1 : Number(values.workers) }, () => openWorkshop({ stack: values.stack })),
);
try {
  await Promise.all(workshops.map(work));
} finally {
  await Promise.all(workshops.map((workshop) => workshop.close()));
}
report();

async function work(workshop: Workshop): Promise<void> {
  for (;;) {
    const mutant = performance.now() - started < budget * 0.9 ? queue.shift() : undefined;
    if (!mutant) return;
    const verdict = (await alone(mutant, workshop)) ?? (await workshop.try(mutant));
    found.push({ mutant, verdict });
    const { kind, detail } = verdict;
    console.log(`${kind.padEnd(8)} ${seconds().padStart(5)} s  ${mutant.fault}${detail ? `  (${detail})` : ''}`);
  }
}

/** A test that fails by itself without any fault, alone in its file, would seem to notice everything. */
async function alone(mutant: Mutant, workshop: Workshop): Promise<Verdict | undefined> {
  const name = `${mutant.test} ${mutant.named}`;
  if (green.has(name)) return undefined;
  const { kind, detail } = await workshop.without(mutant);
  if (kind !== 'survived') return { kind: 'unfit', detail: `without the fault: ${kind} ${detail}` };
  green.add(name);
  return undefined;
}

function report(): void {
  const count = (kind: Verdict['kind']): number => found.filter(({ verdict }) => verdict.kind === kind).length;
  const noticed = count('killed') + count('late');
  const bad = found.length - noticed;
  console.log(
    `${found.length} of ${all.length} mutants in ${seconds()} s: ${noticed} noticed, ${count('survived')} survived, ${count('unfit')} not applicable`,
  );
  for (const { mutant, verdict } of found) {
    if (verdict.kind === 'survived') console.log(`SURVIVED ${mutant.fault}: ${mutant.test} > ${mutant.named}`);
    if (verdict.kind === 'unfit') console.log(`NOT APPLICABLE ${mutant.fault}: ${verdict.detail}`);
  }
  process.exitCode = bad === 0 && found.length > 0 ? 0 : 1;
}

/** In an order that the seed gives. */
function drawn(list: readonly Mutant[], seed: string): Mutant[] {
  return list
    .map((mutant) => ({ mutant, key: hash(`${seed} ${mutant.fault}`) }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ mutant }) => mutant);
}

// FNV-1a, 32 bits.
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return value >>> 0;
}
