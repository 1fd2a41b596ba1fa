import { assertJson } from './assert-json.js';
import { checkJsonNumbers } from './check-json-numbers.js';
import { checkJsonText } from './check-json-text.js';
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
 * Data without a fixed shape; it travels as JSON text in an Avro `string`. Prefer a `record` where the shape is known: no
 * schema guards what is inside. What JSON does not hold as it is (a `Map`, a `Date`, an instance of a class, `NaN`, a
 * `bigint`, a function, `undefined` in a list) is refused with its path; a field that is `undefined` counts as absent. As
 * for maps, the key `__proto__`, more than 64 levels and more than 100,000 values are refused in both directions. A
 * received number that JavaScript cannot hold exactly, such as an integer of Python beyond 2^53, is poison and not
 * rounded.
 *
 * A bare `null` is refused when sending: `optional(json())` says that there is nothing.
 */
export const json = (annotations?: ShapeAnnotations): CustomShape<NonNullable<JsonValue>, JsonValue> =>
  custom<NonNullable<JsonValue>, JsonValue, 'string'>(
    {
      name: 'json',
      wire: 'string',
      normalize: (value) => JSON.parse(textOf(value)) as JsonValue,
      toWire: textOf,
      fromWire: fromText,
      sample: (random) => ({ sample: Math.floor(random() * 1000) }),
    },
    annotations,
  );

/** @throws InvalidJsonError */
function textOf(value: JsonValue): string {
  assertJson(value);
  const text = JSON.stringify(value);
  checkJsonText(text);
  return text;
}

function fromText(text: string): JsonValue {
  checkJsonText(text);
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch (cause) {
    throw new Error('expected JSON text', { cause });
  }
  checkJsonNumbers(text);
  if (MAY_HAVE_PROTO.test(text)) assertJson(value);
  return value;
}

/** The key `__proto__`, as it is or with characters escaped. */
const MAY_HAVE_PROTO = /__proto__|\\u00/;
