import type { JsonValue } from '@openedx-ts/events-core';

/**
 * Formats JSON as Python's `json.dumps` does by default: separators `", "` and `": "`, all non-ASCII characters escaped.
 * Keys are sorted at every level. The text of a schema is its identity in a registry, so every byte must be the same.
 */
export function pythonJson(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${quote(key)}: ${pythonJson(item)}`).join(', ')}}`;
  }
  return typeof value === 'string' ? quote(value) : JSON.stringify(value);
}

/** Formats JSON with an indent of two and keys in their given order, as the schema files of the reference. */
export function pythonJsonIndented(value: JsonValue): string {
  return escapeNonAscii(JSON.stringify(value, null, 2));
}

function quote(text: string): string {
  return escapeNonAscii(JSON.stringify(text));
}

function escapeNonAscii(json: string): string {
  return json.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
