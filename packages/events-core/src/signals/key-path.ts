import type { AnyShape, Fields, RecordShape, Shape } from '../shapes/shape.js';

/**
 * Every dotted path from an event's data to a field that can be its key, e.g. `user.pii.username`: text, numbers,
 * booleans and custom types, not inside anything optional, a list or a map. What the Kafka peers accept.
 */
export type KeyPath<F extends Fields> = {
  [K in keyof F & string]: F[K] extends RecordShape<infer Inner>
    ? `${K}.${KeyPath<Inner>}`
    : F[K]['kind'] extends KeyKind
      ? K
      : F[K]['kind'] extends 'withDefault'
        ? K
        : never;
}[keyof F & string];

type KeyKind = 'boolean' | 'custom' | 'double' | 'long' | 'string';

/** A key path looked up in a shape: the shape of the key and how to take it from data, or what is wrong. */
export type ResolvedKeyPath =
  | { readonly field: string; readonly shape: AnyShape; readonly valueIn: (data: object) => unknown }
  | { readonly problem: string };

/** Looks a key path up in the fields of an event. */
export function resolveKeyPath(fields: Fields, path: string): ResolvedKeyPath {
  const segments = path.split('.');
  let level: Fields | undefined = fields;
  let shape: AnyShape | undefined;
  for (const [index, segment] of segments.entries()) {
    const at = segments.slice(0, index + 1).join('.');
    if (level === undefined)
      return { problem: `${path} cannot be a key: ${describe(shape as AnyShape)} has no fields` };
    if (!Object.hasOwn(level, segment))
      return {
        problem: `${path} does not exist: there is no ${at}; there is ${Object.keys(level).join(', ')}`,
      };
    shape = level[segment] as AnyShape;
    level = shape.kind === 'record' ? shape.fields : undefined;
  }
  const problem = keyProblem(shape as AnyShape);
  if (problem !== undefined) return { problem: `${path} cannot be a key: ${problem}` };
  return { field: segments.at(-1) as string, shape: shape as AnyShape, valueIn: reader(segments) };
}

function keyProblem(shape: AnyShape): string | undefined {
  switch (shape.kind) {
    case 'boolean':
    case 'double':
    case 'long':
    case 'string':
      return undefined;
    case 'withDefault':
      return keyProblem(shape.of as AnyShape);
    case 'custom':
      return shape.type.wire === 'bytes' ? 'bytes have no key form that all peers share' : undefined;
    default:
      return `${describe(shape as AnyShape)} is no single value that is always there`;
  }
}

function describe(shape: Shape): string {
  return (
    { record: 'a record', optional: 'an optional field', list: 'a list', map: 'a map', bytes: 'bytes' }[
      shape.kind as string
    ] ?? `a ${shape.kind}`
  );
}

function reader(segments: readonly string[]): (data: object) => unknown {
  return (data) => {
    let value: unknown = data;
    for (const segment of segments) value = (value as Readonly<Record<string, unknown>>)[segment];
    return value;
  };
}
