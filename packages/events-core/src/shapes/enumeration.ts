import { InvalidShapeError } from '../errors/signal-errors.js';
import { custom } from './custom.js';
import type { CustomShape, ShapeAnnotations } from './shape.js';

/**
 * One of a few texts. It travels as an Avro `string`, which is what the reference has for such fields; a text that is
 * not listed is refused when sending and poison when receiving, so list new values in consumers first.
 *
 * @throws InvalidShapeError when there is no value or one is listed twice
 */
export function enumeration<const Value extends string>(
  values: readonly [Value, ...Value[]],
  annotations?: ShapeAnnotations,
): CustomShape<Value, Value> {
  const known = new Set<string>(values);
  if (known.size === 0 || known.size !== values.length) {
    throw new InvalidShapeError('an enumeration needs at least one value and no value twice');
  }
  const one = (value: string): Value => {
    if (!known.has(value))
      throw new Error(`expected one of ${values.map((known) => `"${known}"`).join(', ')}`);
    return value as Value;
  };
  return custom<Value, Value, 'string'>(
    {
      name: 'enumeration',
      wire: 'string',
      symbols: Object.freeze([...values]),
      normalize: one,
      toWire: (value) => value,
      fromWire: one,
      sample: (random) => values[Math.floor(random() * values.length)] as Value,
    },
    annotations,
  );
}
