import { type CustomShape, custom } from '@openedx-ts/events-core';

/** A text field of a request: trimmed, then 1 to `max` characters. */
export function text(name: string, max: number): CustomShape<string, string> {
  const checked = (value: string) => {
    const trimmed = typeof value === 'string' ? value.trim() : '';
    if (trimmed !== '' && trimmed.length <= max) return trimmed;
    throw new Error(`expected a ${name}: text of 1 to ${max} characters`);
  };
  return custom<string, string, 'string'>({
    name,
    wire: 'string',
    normalize: checked,
    toWire: (value) => value,
    fromWire: checked,
  });
}
