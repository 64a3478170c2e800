/** How a metric is written down: what it is called, what it says, and which programs tell it. */
import { Counter, Gauge, Histogram, type LabelValues, type Registry } from 'prom-client';

export type Program = 'api' | 'scheduler' | 'receiver';

/** Of every program. */
export const EVERY: readonly Program[] = ['api', 'scheduler', 'receiver'];

/** The buckets of times, in seconds. */
export const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export type Defined<Made> = Readonly<{
  kind: 'counter' | 'gauge' | 'histogram';
  name: string;
  help: string;
  labelNames: readonly string[];
  /** The programs that tell it: no other exports it, lest its silence be read as a 0. */
  of: readonly Program[];
  make(registers: Registry[]): Made;
}>;

type Text<Label extends string> = Readonly<{ name: string; help: string; of: readonly Program[]; labels?: Label[] }>;

/**
 * Counts up as long as the process lives: read it with rate or increase, over all processes with sum. The values of a label that are
 * known are there from the start, so that what never happened is 0 and its first time an increase.
 */
export const counter = <Label extends string = never>(
  text: Text<Label> & Readonly<{ known?: Readonly<Record<Label, readonly string[]>> }>,
): Defined<Counter<Label>> => ({
  ...described('counter', text),
  make: (registers) => {
    const made = new Counter({ ...configured(text), registers });
    if (text.known) for (const labels of every<Label>(Object.entries(text.known))) made.inc(labels, 0);
    return made;
  },
});

/** As it is now, and absent until it is known. What several processes tell alike is read with max. */
export const gauge = <Label extends string = never>(text: Text<Label>): Defined<Gauge<Label>> => ({
  ...described('gauge', text),
  make: (registers) => {
    const made = new Gauge({ ...configured(text), registers });
    // The library begins with a 0.
    if (!text.labels) made.remove();
    return made;
  },
});

export const histogram = <Label extends string = never>(
  text: Text<Label> & Readonly<{ buckets: number[] }>,
): Defined<Histogram<Label>> => ({
  ...described('histogram', text),
  make: (registers) => new Histogram({ ...configured(text), buckets: text.buckets, registers }),
});

/** Each way to choose one value of each label. */
function every<Label extends string>(known: readonly (readonly [string, readonly string[]])[]): LabelValues<Label>[] {
  const [first, ...rest] = known;
  if (!first) return [{}];
  const [name, values] = first;
  return values.flatMap((value) => every<Label>(rest).map((labels) => ({ [name]: value, ...labels })));
}

const described = <Kind extends string>(kind: Kind, { name, help, of, labels = [] }: Text<string>) => ({
  kind,
  name,
  help,
  of,
  labelNames: labels,
});

const configured = <Label extends string>({ name, help, labels = [] }: Text<Label>) => ({
  name,
  help,
  labelNames: labels,
});
