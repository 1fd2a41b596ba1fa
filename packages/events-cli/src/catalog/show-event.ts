import { jsonText } from '../records/json-text.js';
import { knownSignal } from '../signals/known-signals.js';
import type { SignalNames } from '../signals/require-modules.js';
import type { CliIo } from '../terminal/cli-io.js';
import { lineWriter } from '../terminal/line-writer.js';
import { catalogNames } from './catalog-names.js';
import { type EventFacts, eventFacts, type FieldFacts, fieldFacts } from './event-facts.js';

/** Writes the facts about an event and its fields, as text or as one JSON object. */
export async function showEvent(
  eventType: string,
  options: { readonly json: boolean },
  names: SignalNames,
  io: CliIo,
): Promise<void> {
  const signal = await knownSignal(eventType);
  const name = names.get(eventType) ?? (await catalogNames()).get(eventType);
  const event = eventFacts(signal, name);
  const fields = fieldFacts(signal);
  const output = lineWriter(io);
  for (const line of options.json ? [jsonText({ ...event, fields })] : textOf(event, fields))
    await output.line(line);
  await output.flush();
}

function textOf(event: EventFacts, fields: readonly FieldFacts[]): readonly string[] {
  return [
    event.event_type,
    ...(event.doc === null ? [] : event.doc.split('\n')),
    '',
    ...facts(event).map(([label, value]) => `${label.padEnd(14)}${value}`),
    '',
    'fields',
    ...fieldLines(fields),
  ];
}

function facts(event: EventFacts): readonly (readonly [string, string])[] {
  return [
    ['name', event.name ?? '-'],
    ['minor version', String(event.minor_version)],
    ['key field', event.key_field ?? '-'],
    ['pii', event.pii.join(', ') || '-'],
    ['produced by', event.produced_by.join(', ') || '-'],
    ['since', event.since ?? '-'],
    ['deprecated', event.deprecated ?? '-'],
    ['local only', event.local_only ?? '-'],
  ];
}

function fieldLines(fields: readonly FieldFacts[]): readonly string[] {
  const left = (path: string) =>
    `${'  '.repeat(path.split('.').length)}${path.slice(path.lastIndexOf('.') + 1)}`;
  const nameWidth = Math.max(0, ...fields.map(({ path }) => left(path).length)) + 2;
  const typeWidth = Math.max(0, ...fields.map((field) => type(field).length)) + 2;
  return fields.map((field) => {
    const parts = [
      field.pii.length > 0 ? `[pii: ${field.pii.join(', ')}]` : '',
      (field.doc ?? '').replace(/\s+/g, ' '),
    ];
    const text = parts.filter((part) => part !== '').join(' ');
    return `${left(field.path).padEnd(nameWidth)}${type(field).padEnd(typeWidth)}${text}`.trimEnd();
  });
}

function type(field: FieldFacts): string {
  if (field.required) return field.type;
  return 'default' in field ? `${field.type}, default ${jsonText(field.default)}` : `${field.type}, optional`;
}
