import { MASK } from './mask.js';

/**
 * The data of an event on one line: its values with the names of their fields, without what is empty or masked:
 * `course_key course-v1:edX+DemoX+2026 · mode audit`.
 */
export function previewOf(data: object): string {
  const parts: string[] = [];
  collect(data, parts);
  const text = parts.join(' · ');
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
}

function collect(value: object, parts: string[]): void {
  for (const [name, item] of Object.entries(value)) {
    if (parts.length >= MAX_PARTS) return;
    if (item === null || item === MASK || item === '') continue;
    if (typeof item === 'object') collect(item as object, parts);
    else parts.push(`${name.slice(0, MAX_PART)} ${String(item).slice(0, MAX_PART)}`);
  }
}

const MAX_PARTS = 20;
const MAX_PART = 100;
const MAX_LENGTH = 300;
