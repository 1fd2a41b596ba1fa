import type { SchemaBreak } from './schema-breaks.js';
import { schemaLayout } from './schema-layout.js';

/** What to do about a break: a field that was added, removed or changed. */
export function breakCure(
  { path, direction, message }: SchemaBreak,
  before: string,
  eventType: string,
): string {
  const another = `define ${nextMajor(eventType)}`;
  const isAdded = direction === 'backward' && /requires this field/.test(message);
  if (isAdded && !schemaLayout(JSON.parse(before)).has(path))
    return path.includes('.')
      ? `make it optional(...), or give it withDefault(...) where neither Python services nor the rule of a registry read it; or ${another}`
      : `put it as an optional field into a record, since payload keys are always required; or ${another}`;
  if (/requires this field/.test(message))
    return `keep the field until no consumer requires it, or ${another}`;
  if (/the type is called/.test(message)) return `keep the name of the record, or ${another}`;
  return `keep its type and add an optional field beside it, or ${another}`;
}

/** The type of the event with the next major version, `….v2`. */
function nextMajor(eventType: string): string {
  return eventType.replace(/\.v(\d+)$/, (_, major: string) => `.v${Number(major) + 1}`);
}
