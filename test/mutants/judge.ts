/**
 * Reads Stryker's reports, one a room, and says the score of each, which survivors nobody explained, and which explanations are of
 * mutants that are not there any more. Ends with 1 on either, and where a score is below what is wanted.
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Equivalent } from './equivalent.ts';
import { equivalents } from './equivalents.ts';

type Place = { line: number; column: number };
type Reported = {
  mutatorName: string;
  replacement?: string;
  status: string;
  location: { start: Place; end: Place };
};
type Report = { files: Record<string, { source: string; mutants: Reported[] }> };

const root = join(import.meta.dirname, '../..');
const WANTED = { core: 95, others: 90 };

const reports = globSync('reports/mutation-*.json', { cwd: root }).map(
  (path) => JSON.parse(readFileSync(join(root, path), 'utf8')) as Report,
);
const found = reports
  .flatMap(({ files }) => Object.entries(files))
  .flatMap(([file, { source, mutants }]) =>
    mutants.map(({ status, replacement = '', location, mutatorName }) => ({
      file,
      line: source.split('\n')[location.start.line - 1]?.trim() ?? '',
      at: location.start.line,
      becomes: replacement,
      mutatorName,
      status,
    })),
  );
const counted = found.filter(({ status }) => /^(?:Killed|Timeout|Survived|NoCoverage)$/.test(status));
const survivors = counted.filter(({ status }) => /^(?:Survived|NoCoverage)$/.test(status));
const folders = Map.groupBy(counted, ({ file }) => file.split('/')[1] ?? '');
let bad = 0;

for (const [folder, mutants] of [...folders].toSorted(([a], [b]) => a.localeCompare(b))) {
  const killed = mutants.filter(({ status }) => /^(?:Killed|Timeout)$/.test(status)).length;
  const score = (100 * killed) / mutants.length;
  const wanted = folder === 'core' ? WANTED.core : WANTED.others;
  if (score < wanted) bad++;
  console.log(
    `${folder.padEnd(10)} ${score.toFixed(1).padStart(5)} % of ${mutants.length} mutants (wanted ${wanted} %)${score < wanted ? '  TOO LOW' : ''}`,
  );
}
for (const survivor of survivors.filter((one) => !equivalents.some((known) => isSame(known, one)))) {
  bad++;
  const { file, at, line, becomes, mutatorName } = survivor;
  console.log(`SURVIVED ${file}:${at} ${mutatorName}: ${line}\n         becomes ${becomes}`);
}
const judged = new Set(found.map(({ file }) => file));
for (const known of equivalents.filter(
  (one) => judged.has(one.file) && !survivors.some((survivor) => isSame(one, survivor)),
)) {
  bad++;
  console.log(`NOT APPLICABLE any more: ${known.file}: ${known.line} -> ${known.becomes}`);
}
console.log(`${counted.length} mutants, ${survivors.length} survived, ${equivalents.length} of them explained.`);
process.exitCode = bad === 0 ? 0 : 1;

function isSame(a: Equivalent | (typeof found)[number], b: (typeof found)[number]): boolean {
  return a.file === b.file && a.line === b.line && a.becomes === b.becomes;
}
