import type { JsonValue } from '@openedx-ts/events-core';

/** Formats JSON as a Python literal. */
export function pythonLiteral(value: JsonValue): string {
  if (value === null) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (typeof value === 'string') return pythonText(value);
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return `[${value.map((item) => pythonLiteral(item as JsonValue)).join(', ')}]`;
  const entries = Object.entries(value).map(([key, item]) => `${pythonText(key)}: ${pythonLiteral(item)}`);
  return `{${entries.join(', ')}}`;
}

/** Formats text as a Python literal in ASCII. */
export function pythonText(text: string): string {
  // JSON escapes a subset of what Python escapes; other characters are written by their code.
  return JSON.stringify(text)
    .replace(/[\u007f-\uffff]/g, escaped)
    .replace(/\\ud[89ab]..\\ud[c-f]../g, astral);
}

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Python has no surrogate pairs. */
function astral(pair: string): string {
  const text = JSON.parse(`"${pair}"`) as string;
  return `\\U${(text.codePointAt(0) as number).toString(16).padStart(8, '0')}`;
}
