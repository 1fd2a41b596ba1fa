import { assertJson } from './assert-json.js';
import { custom } from './custom.js';
import type { CustomShape, ShapeAnnotations } from './shape.js';

/** Any value that JSON can hold. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/**
 * Data without a fixed shape; it travels as JSON text in an Avro `string`. Prefer a `record` where the shape is known:
 * no schema guards what is inside. What JSON does not hold as it is (a `Map`, a `Date`, an instance of a class, `NaN`, a
 * `bigint`, a function, `undefined` in a list) is refused with its path; a field that is `undefined` counts as absent. A bare `null` is refused when sending: `optional(json())` says that there is nothing.
 */
export const json = (annotations?: ShapeAnnotations): CustomShape<NonNullable<JsonValue>, JsonValue> =>
  custom<NonNullable<JsonValue>, JsonValue, 'string'>(
    {
      name: 'json',
      wire: 'string',
      normalize: (value) => JSON.parse(textOf(value)) as JsonValue,
      toWire: textOf,
      fromWire: (text) => {
        try {
          return JSON.parse(text) as JsonValue;
        } catch (cause) {
          throw new Error('expected JSON text', { cause });
        }
      },
      sample: (random) => ({ sample: Math.floor(random() * 1000) }),
    },
    annotations,
  );

/** @throws InvalidJsonError */
function textOf(value: JsonValue): string {
  assertJson(value);
  return JSON.stringify(value);
}
