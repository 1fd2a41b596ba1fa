import { custom } from './custom.js';
import type { CustomShape, ShapeAnnotations } from './shape.js';

/** A UUID of any version as its canonical lower-case text, which is also what travels. */
export const uuid = (annotations?: ShapeAnnotations): CustomShape<string, string> =>
  custom<string, string, 'string'>(
    {
      name: 'uuid',
      wire: 'string',
      normalize: canonicalUuid,
      toWire: (value) => value,
      fromWire: canonicalUuid,
      sample: (random) =>
        'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replace(/x/g, () => Math.floor(random() * 16).toString(16)),
    },
    annotations,
  );

/** The lower-case text of a UUID; throws an `Error` when it is none. */
function canonicalUuid(value: string): string {
  if (typeof value !== 'string' || !isUuid(value))
    throw new Error('expected a UUID such as 0198c5a0-…, with hyphens');
  return value.toLowerCase();
}

/**
 * The canonical text of a UUID in one of the further forms that Python's `UUID()` reads: without hyphens, in braces, or
 * with `urn:uuid:` in front. Undefined for a text that is none.
 */
export function fromPythonUuid(text: string): string | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const hex = text
    .replaceAll('urn:', '')
    .replaceAll('uuid:', '')
    .replace(/^[{}]+|[{}]+$/g, '')
    .replaceAll('-', '');
  if (!/^[0-9a-f]{32}$/i.test(hex)) return undefined;
  return hex.toLowerCase().replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

const MAX_LENGTH = 100;

/** Whether a text is a UUID in its hyphened form, of any version and in either case. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text);
}
