/** The rules as they stand in their files. */
import { readdirSync } from 'node:fs';
import { yamlOf } from '../support/stack-files.ts';

export type Alert = Readonly<{
  /** Its file's name. */
  file: string;
  alert: string;
  expr: string;
  for?: string;
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
}>;

export type Recorded = Readonly<{ file: string; record: string; expr: string }>;

type Group = Readonly<{ name: string; rules: readonly (Omit<Alert, 'file'> | Omit<Recorded, 'file'>)[] }>;

/** What is recorded comes first, as what the alerts go by. */
export const RECORDED = 'recorded.yml';

export const ruleFiles = readdirSync('prometheus/rules').filter((name) => name.endsWith('.yml'));

const groups = ruleFiles.flatMap((file) =>
  (yamlOf(`prometheus/rules/${file}`) as { groups: Group[] }).groups.map((group) => ({ file, ...group })),
);

/** The names of the groups in a file, in the order in which they stand. */
export const groupsOf = (file: string): readonly string[] =>
  groups.filter((group) => group.file === file).map(({ name }) => name);

const rules = groups.flatMap((group) => group.rules.map((rule) => ({ file: group.file, ...rule })));

export const alerts = rules.filter((rule): rule is Alert => 'alert' in rule);
export const recorded = rules.filter((rule): rule is Recorded => 'record' in rule);
