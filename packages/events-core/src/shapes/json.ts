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
 * no schema guards what is inside. A bare `null` is refused when sending: `optional(json())` says that there is nothing.
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

function textOf(value: JsonValue): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (cause) {
    throw new Error('expected a value that JSON can hold', { cause }); // the cause names what is inside
  }
  if (text === undefined) throw new Error('expected a JSON value');
  return text;
}
