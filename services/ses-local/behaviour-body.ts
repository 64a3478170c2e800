/** Reads the body of POST /behaviour, and names what is wrong with it and what would be right. */
import { z } from 'zod';
import type { BehaviourChange } from './behaviour.ts';

export type Fault = Readonly<{ pointer: string; detail: string }>;
export type Reading = { ok: true; change: BehaviourChange } | { ok: false; faults: Fault[] };

const not = (input: unknown): string =>
  input === undefined ? '; it is missing' : `, not ${JSON.stringify(input).slice(0, 60)}`;

function whole(min: number, max: number) {
  const error = ({ input }: { input?: unknown }): string => `must be a whole number from ${min} to ${max}${not(input)}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
}

function choice<const Value extends string>(values: readonly Value[]) {
  return z.enum(values, { error: ({ input }) => `must be one of ${values.join(', ')}${not(input)}` });
}

const shared = {
  every: whole(1, 1_000_000).exactOptional(),
  times: whole(1, 1_000_000).exactOptional(),
  maxSendRate: whole(1, 1_000_000).exactOptional(),
};

function mode<const Name extends string, Shape extends z.ZodRawShape>(name: Name, shape: Shape) {
  const known = [...Object.keys(shape), ...Object.keys(shared)].join(', ');
  const error = ({ code }: { code?: string }): string | undefined =>
    code === 'unrecognized_keys' ? `is not a setting of mode ${name}, which takes ${known}` : undefined;
  return z.strictObject({ mode: z.literal(name), ...shape, ...shared }, { error });
}

const modes = [
  mode('normal', {}),
  mode('throttle', {}),
  mode('quota', {}),
  mode('reject', {}),
  mode('unverified', {}),
  mode('pause', { by: choice(['owner', 'aws']).exactOptional() }),
  mode('error', { status: whole(500, 599) }),
  mode('accept-then-hang', {}),
  mode('accept-then-reset', {}),
  mode('accept-then-error', {}),
  mode('latency', { milliseconds: whole(0, 600_000) }),
] as const;
const names = modes.map(({ shape }) => shape.mode.value).join(', ');

const schema = z.discriminatedUnion('mode', modes, {
  error: ({ input }) => {
    const given = typeof input === 'object' && input !== null && 'mode' in input ? input.mode : undefined;
    return `must be one of ${names}${not(given)}`;
  },
}) satisfies z.ZodType<BehaviourChange>;

/** Strict: an unknown mode, an unknown or missing setting and a number out of bounds are all faults, listed together. */
export function readBehaviour(text: string): Reading {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { ok: false, faults: [{ pointer: '', detail: 'the body must be JSON, for example {"mode":"throttle"}' }] };
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return {
      ok: false,
      faults: [{ pointer: '', detail: 'the body must be an object, for example {"mode":"throttle"}' }],
    };
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return { ok: true, change: parsed.data };
  const faults = parsed.error.issues.flatMap((issue) => {
    const path = issue.path.map((part) => `/${String(part)}`).join('');
    if (issue.code !== 'unrecognized_keys') return [{ pointer: path, detail: issue.message }];
    return issue.keys.map((key) => ({ pointer: `${path}/${key}`, detail: issue.message }));
  });
  return { ok: false, faults };
}
