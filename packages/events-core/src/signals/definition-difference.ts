import type { OpenEdxPublicSignal } from './signal.js';

/**
 * Where two definitions of an event differ first, as a path such as `data.user.email.kind`; undefined when they are the
 * same. The code of custom types is not compared: a module that is evaluated twice has two copies of it.
 */
export function definitionDifference(
  one: OpenEdxPublicSignal,
  other: OpenEdxPublicSignal,
): string | undefined {
  return differenceAt('', partsOf(one), partsOf(other));
}

const partsOf = ({ minorVersion, about, shape }: OpenEdxPublicSignal) => ({
  minorVersion,
  data: shape.fields,
  ...about,
});

function differenceAt(path: string, one: unknown, other: unknown): string | undefined {
  if (Object.is(one, other) || (typeof one === 'function' && typeof other === 'function')) return undefined;
  if (!isObject(one) || !isObject(other)) return path;
  const [names, otherNames] = [Object.keys(one), Object.keys(other)];
  for (const [index, name] of names.entries()) {
    const inner = pathOf(path, name);
    if (otherNames[index] !== name) return inner; // the order of fields is that of the bytes
    const difference = differenceAt(inner, one[name], other[name]);
    if (difference !== undefined) return difference;
  }
  const more = otherNames[names.length];
  return more === undefined ? undefined : pathOf(path, more);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** The fields of a record are named without a step of their own, as in the errors of data. */
function pathOf(path: string, name: string): string {
  if (path === '') return name;
  return name === 'fields' ? path : `${path}.${name}`;
}
