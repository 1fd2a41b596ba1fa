import type { InputOf, Shape } from '@openedx-ts/events-core';
import type { AnyShape, Fields } from '@openedx-ts/events-core/bus';
import { NoSampleError } from './no-sample-error.js';
import { seededRandom } from './seeded-random.js';

/**
 * Makes up a value that may be sent for a shape. Equal numbers give equal values.
 *
 * @param random numbers in [0, 1), such as those of `seededRandom`
 * @throws NoSampleError when a custom type in it has no `sample`
 */
export function sampleOf<S extends Shape>(shape: S, random: () => number): InputOf<S> {
  return sampleWith(shape, random, undefined) as InputOf<S>;
}

/** Like `sampleOf`, with parts given: records are completed, anything else is taken as it is. */
export function sampleWith(shape: Shape, random: () => number, given: unknown, path = ''): unknown {
  const any = shape as AnyShape;
  if (any.kind === 'record' && isRecord(given ?? {})) {
    return sampleFields(any.fields, random, (given ?? {}) as Readonly<Record<string, unknown>>, path);
  }
  if (any.kind === 'withDefault') return sampleWith(any.of, random, given, path);
  if (any.kind === 'optional') {
    const isLeftOut = random() < 0.25;
    if (given === null || (given === undefined && isLeftOut)) return null;
    return sampleWith(any.of, random, given, path);
  }
  if (given !== undefined) return given;
  return sampleValue(any, random, path);
}

function sampleFields(
  fields: Fields,
  random: () => number,
  given: Readonly<Record<string, unknown>>,
  path: string,
): Record<string, unknown> {
  const sampled = Object.entries(fields).map(([field, shape]): [string, unknown] => {
    // Each field has numbers of its own, so that giving one changes no other.
    const numbers = seededRandom(random() * 2 ** 32);
    const isInherited = field in Object.prototype && !Object.hasOwn(given, field);
    const value = isInherited ? undefined : given[field];
    return [field, sampleWith(shape, numbers, value, path === '' ? field : `${path}.${field}`)];
  });
  // Fields that do not exist are kept: the check of the shape then names them.
  return { ...given, ...Object.fromEntries(sampled) };
}

function sampleValue(shape: AnyShape, random: () => number, path: string): unknown {
  const below = (limit: number) => Math.floor(random() * limit);
  switch (shape.kind) {
    case 'string':
      return `sample-${below(36 ** 6)
        .toString(36)
        .padStart(6, '0')}`;
    case 'boolean':
      return random() < 0.5;
    case 'long':
      return below(1_000_000);
    case 'double':
      return below(100_000) / 100;
    case 'bytes':
      return Uint8Array.from({ length: 1 + below(8) }, () => below(256));
    case 'list':
      return Array.from({ length: 1 + below(3) }, (_, index) =>
        sampleWith(shape.of, random, undefined, `${path}.${index}`),
      );
    case 'map':
      return Object.fromEntries(
        Array.from({ length: 1 + below(2) }, (_, index) => {
          const key = `key-${index + 1}`;
          return [key, sampleWith(shape.values, random, undefined, `${path}.${key}`)];
        }),
      );
    case 'custom':
      if (shape.type.sample === undefined) throw new NoSampleError(path, shape.type.name);
      return shape.type.sample(random);
    default:
      return sampleWith(shape, random, undefined, path);
  }
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
