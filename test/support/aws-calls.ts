/** Which `aws ses` calls of a text do not exist: their actions and options are looked up in the SDK's own model of the service. */
import * as sdk from '@aws-sdk/client-ses';

/** A structure as the SDK describes it: kind, namespace, name, traits, the names of its members. */
type Shape = readonly [number, string, string, unknown, readonly string[]];

const model = sdk as unknown as Readonly<Record<string, unknown>>;
const global = new Set(['region', 'query', 'output', 'profile']);

/** Each call that is not one of the API, or has an option that its request does not; `--no-` turns a flag off. */
export function callsWithoutAction(text: string): readonly string[] {
  const calls = text.replaceAll(/\\\n\s*/g, ' ').matchAll(/\baws ses ([a-z0-9-]+)([^\n`]*)/g);
  return [...calls].flatMap(([call, command = '', rest = '']) => {
    if (!model[`${pascal(command)}Command`]) return [call];
    const shape = model[`${pascal(command)}Request$`] as Shape | undefined;
    const options = [...rest.matchAll(/--([a-z0-9-]+)/g)].map(([, option = '']) => option.replace(/^no-/, ''));
    return options.every((option) => global.has(option) || hasMember(shape, option)) ? [] : [call];
  });
}

const pascal = (kebab: string): string =>
  kebab.replaceAll(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

// A request without members has no shape.
const hasMember = (shape: Shape | undefined, option: string): boolean =>
  (shape?.[4] ?? []).some((member) => member.toLowerCase() === option.replaceAll('-', ''));
