/** The model names ids, the product makes them: what stands for what is settled at first sight and holds from then on. */
import { expect } from 'vitest';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const forms: Readonly<Record<string, (value: unknown) => boolean>> = {
  code: (value) => UUID.test(String(value)),
  nobody: (value) => UUID.test(String(value)),
  link: (value) => Number.isInteger(value),
  mail: (value) => /^[0-9a-f-]{60}$/.test(String(value)),
  ghost: (value) => /^erased-[0-9a-f-]{36}@erased\.invalid$/.test(String(value)),
};
/** Where a number is the id of a link, and not a count. */
const idKeys = new Set(['id', 'emailId']);

export class Names {
  private readonly byName = new Map<string, string | number>();
  private readonly byValue = new Map<string | number, string>();

  /** What the product calls it; undefined where it was not seen yet. */
  real(name: string): string | number | undefined {
    return this.byName.get(name);
  }

  knows(value: string | number): boolean {
    return this.byValue.has(value);
  }

  nameOf(value: string): string {
    return this.byValue.get(value) ?? value;
  }

  renamedRows(rows: readonly object[]): Record<string, unknown>[] {
    return rows.map((row) => this.renamed(row) as Record<string, unknown>);
  }

  /** A value that was there before, which nothing new may be called. */
  known(name: string, value: string | number): void {
    this.byName.set(name, value);
    this.byValue.set(value, name);
  }

  /** Asserts that they are the same, names for ids. */
  same(actual: unknown, expected: unknown, what: string): void {
    this.meet(actual, expected);
    expect(this.renamed(actual), what).toEqual(expected);
  }

  private meet(actual: unknown, expected: unknown): void {
    if (typeof expected === 'object' && expected !== null && typeof actual === 'object' && actual !== null) {
      for (const [key, value] of Object.entries(expected)) this.meet((actual as Record<string, unknown>)[key], value);
      return;
    }
    const kind = typeof expected === 'string' ? /^<(\w+) \d+>$/.exec(expected)?.[1] : undefined;
    if (kind === undefined || (typeof actual !== 'string' && typeof actual !== 'number')) return;
    const name = String(expected);
    if (this.byName.has(name) || this.byValue.has(actual) || !forms[kind]?.(actual)) return;
    this.known(name, actual);
  }

  private renamed(value: unknown, key = ''): unknown {
    if (typeof value === 'string') return this.nameIn(value);
    if (typeof value === 'number') return idKeys.has(key) ? (this.byValue.get(value) ?? value) : value;
    if (Array.isArray(value)) return value.map((one) => this.renamed(one));
    if (typeof value !== 'object' || value === null || value instanceof Date) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, this.renamed(one, name)]));
  }

  private nameIn(text: string): string {
    const whole = this.byValue.get(text);
    if (whole !== undefined) return whole;
    return text.replace(/[0-9a-f-]{60}/, (id) => this.byValue.get(id) ?? id);
  }
}
