import type { FieldDefinitions } from '../definitions/event-definition.js';
import type { NamedEvent } from '../definitions/named-event.js';
import { type RecordDefinition, recordsOf } from '../definitions/records-of.js';
import { fieldOfShape, type PythonField, type PythonType } from './python-field.js';
import { pythonLiteral, pythonText } from './python-literal.js';

/**
 * Writes the Python module of some events: a data class for each record and the signals, as openedx-events has them. What
 * Python does not express (`pii`, symbols, other custom types) is in the `metadata` of fields, and in comments.
 *
 * @throws CommandError when two events mean different records by one name
 */
export function pythonModule(events: readonly NamedEvent[]): string {
  const blocks = [...recordsOf(events).map(classText), ...events.map(signalText)];
  const body = blocks.join('\n\n\n');
  return `"""Events, written by openedx-events export python."""\n\n${imports(body)}\n\n\n${body}\n`;
}

function imports(body: string): string {
  const uses = (name: string) => new RegExp(`\\b${name}\\b`).test(body);
  const from = (module: string, ...names: string[]) => {
    const used = names.filter(uses);
    return used.length === 0 ? [] : [`from ${module} import ${used.join(', ')}`];
  };
  const standard = [
    ...from('datetime', 'datetime'),
    ...from('typing', 'Dict', 'List'),
    ...from('uuid', 'UUID'),
  ];
  const others = [
    ...(body.includes('attr.') ? ['import attr'] : []),
    ...from('ccx_keys.locator', 'CCXLocator'),
    ...from('opaque_keys.edx.keys', 'CourseKey', 'UsageKey'),
    ...from(
      'opaque_keys.edx.locator',
      'LibraryCollectionLocator',
      'LibraryContainerLocator',
      'LibraryLocatorV2',
      'LibraryUsageLocatorV2',
    ),
    'from openedx_events.tooling import OpenEdxPublicSignal',
  ];
  return [...(standard.length === 0 ? [] : [standard.join('\n')]), others.join('\n')].join('\n\n');
}

function classText({ name, fields }: RecordDefinition): string {
  const lines = Object.entries(fields).map(([field, shape]) => {
    const { type, default: given, metadata } = fieldOfShape(shape);
    const extra =
      Object.keys(metadata).length === 0 ? [] : [`metadata=${pythonLiteral({ ...metadata } as never)}`];
    return `    ${field} = attr.ib(${[`type=${typeText(type)}`, ...defaultTexts(given), ...extra].join(', ')})`;
  });
  const body = lines.length === 0 ? '    pass' : lines.join('\n');
  return `@attr.s(frozen=True, kw_only=True)\nclass ${name}:\n    """The record ${name}."""\n\n${body}`;
}

function defaultTexts(given: PythonField['default']): readonly string[] {
  if (given === undefined) return [];
  const { value } = given;
  if (value === null || typeof value !== 'object') return [`default=${pythonLiteral(value)}`];
  const kind = Array.isArray(value) ? 'list' : 'dict';
  return [Object.keys(value).length === 0 ? `factory=${kind}` : `factory=lambda: ${pythonLiteral(value)}`];
}

function signalText({ name, eventType, minorVersion, doc, definition }: NamedEvent): string {
  const comments = [
    `event_type: ${eventType}`,
    `event_name: ${name}`,
    ...(definition.key_field === null ? [] : [`event_key_field: ${definition.key_field}`]),
    ...(doc === undefined ? [] : [`event_description: ${doc.replace(/\s+/g, ' ')}`]),
    ...metadataComments(definition.data),
  ];
  const data = Object.entries(definition.data).map(
    ([key, shape]) => `        ${pythonText(key)}: ${typeText(fieldOfShape(shape).type)},\n`,
  );
  const version = minorVersion === 0 ? '' : `    minor_version=${minorVersion},\n`;
  return (
    `${comments.map((text) => `# .. ${text}\n`).join('')}${name} = OpenEdxPublicSignal(\n` +
    `    event_type=${pythonText(eventType)},\n    data={\n${data.join('')}    },\n${version})`
  );
}

/** Entries of `data` have types only, so what these do not express is in comments. */
function metadataComments(data: FieldDefinitions): readonly string[] {
  return Object.entries(data).flatMap(([key, shape]) => {
    const { metadata } = fieldOfShape(shape);
    return Object.keys(metadata).length === 0
      ? []
      : [`event_field_metadata: ${key} ${JSON.stringify(metadata)}`];
  });
}

function typeText(type: PythonType): string {
  if (typeof type === 'string') return type;
  return type.in === 'list' ? `List[${typeText(type.of)}]` : `Dict[str, ${typeText(type.of)}]`;
}
