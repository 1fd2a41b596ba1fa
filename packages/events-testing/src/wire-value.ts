import { DateTime, type Shape } from '@openedx-ts/events-core';
import type { AnyShape } from '@openedx-ts/events-core/bus';

/**
 * A normalised value in a form that can be compared and shown: custom types as what travels, instants in UTC, so that
 * equal ones are equal however they were written.
 */
export function wireValue(shape: Shape, value: unknown): unknown {
  const any = shape as AnyShape;
  if (value === null || value === undefined) return null;
  switch (any.kind) {
    case 'custom':
      if (any.type.name === 'json') return value; // its text has the names of an object in some order
      return DateTime.is(value) ? comparableTime(value) : any.type.toWire(value);
    case 'optional':
    case 'withDefault':
      return wireValue(any.of, value);
    case 'list':
      return (value as readonly unknown[]).map((item) => wireValue(any.of, item));
    case 'map':
      return mapValues(value as object, () => any.values);
    case 'record':
      return mapValues(value as object, (field) => any.fields[field] as Shape);
    default:
      return value;
  }
}

function mapValues(value: object, shapeOf: (key: string) => Shape): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, wireValue(shapeOf(key), item)]));
}

function comparableTime(value: DateTime): string {
  return value.isNaive ? value.iso : DateTime.fromEpochMicroseconds(value.epochMicroseconds).iso;
}
