/**
 * Events as they were written, read as they are written now. The log is never rewritten: where the data of a type changes
 * its shape, a step from the old shape to the new one is added here and stays for ever.
 */
import type { AddressEvent, Instant, Recorded } from './events.ts';

type Data = Readonly<Record<string, unknown>>;

/** An event as it stands in the log. `data.v` is the version of its shape; absent, it is the first. */
export type StoredEvent = Readonly<{ type: string; version: number; at: Instant; data: object }>;

/** For each type the steps in order: the first makes version 2 of version 1. */
export type Upcasts = Readonly<Partial<Record<AddressEvent['type'], readonly ((data: Data) => Data)[]>>>;

const UPCASTS: Upcasts = {};

/** Throws where the event is of a version that this program does not know: it is older than its database. */
export function upcast({ type, version, at, data: stored }: StoredEvent, upcasts: Upcasts = UPCASTS): Recorded {
  const { v = 1, ...data } = stored as Data & { v?: number };
  const steps = upcasts[type as AddressEvent['type']] ?? [];
  if (v > steps.length + 1) {
    throw new Error(`Unknown version ${v} of an event ${type}: this program is older than its database.`);
  }
  const upcasted = steps.slice(v - 1).reduce((before, step) => step(before), data as Data);
  return { type, version, at, data: upcasted } as unknown as Recorded;
}

/** The event's data as it is written: with the version of its shape where that is not the first. */
export function withVersion({ type, data }: AddressEvent, upcasts: Upcasts = UPCASTS): AddressEvent['data'] {
  const v = (upcasts[type] ?? []).length + 1;
  return v === 1 ? data : Object.assign({ v }, data);
}
