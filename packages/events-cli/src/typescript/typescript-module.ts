import type { JsonValue } from '@openedx-ts/events-core';
import type { CustomDefinition, FieldDefinitions, ShapeDefinition } from '../definitions/event-definition.js';
import type { NamedEvent } from '../definitions/named-event.js';
import { recordsOf } from '../definitions/records-of.js';

/**
 * Writes the TypeScript module of some events, with constants for their records. Custom types that neither
 * `events-core` nor `events-catalog` has are written as constants to be completed.
 *
 * @throws CommandError when two events mean different records by one name
 */
export function typeScriptModule(events: readonly NamedEvent[]): string {
  const writer = new Writer();
  const records = recordsOf(events).map(
    ({ name, fields }) => `const ${name} = record(${text(name)}, ${writer.fields(fields, 0)});`,
  );
  const signals = events.map((event) => signalText(event, writer));
  const body = [...writer.customs.values(), ...records, ...signals].join('\n\n');
  return `${imports(writer, events)}\n\n${body}\n`;
}

function imports({ keys, core }: Writer, events: readonly NamedEvent[]): string {
  if (events.length > 0) core.add('defineSignal');
  const lines = [
    ...(keys.size === 0 ? [] : [importLine(keys, '@openedx-ts/events-catalog/keys')]),
    importLine(core, '@openedx-ts/events-core'),
  ];
  return lines.join('\n');
}

function importLine(names: ReadonlySet<string>, module: string): string {
  return `import { ${[...names].sort().join(', ')} } from '${module}';`;
}

function signalText({ name, eventType, minorVersion, doc, definition }: NamedEvent, writer: Writer): string {
  const isIrregular = !/^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){4,}\.v[1-9]\d*$/.test(eventType);
  const entries = [
    `eventType: ${text(eventType)},`,
    ...(isIrregular ? ["irregularEventType: 'published so before',"] : []),
    ...(minorVersion === 0 ? [] : [`minorVersion: ${minorVersion},`]),
    ...(doc === undefined ? [] : [`doc: ${text(doc)},`]),
    ...(definition.key_field === null ? [] : [`eventKeyField: ${text(definition.key_field)},`]),
    `data: ${writer.fields(definition.data, 1)},`,
  ];
  const comment = doc === undefined ? '' : `/** ${doc.replaceAll('*/', '*\u200b/')} */\n`;
  return `${comment}export const ${name} = defineSignal({\n${entries.map((line) => `  ${line}\n`).join('')}});`;
}

class Writer {
  /** Names to import from `events-core` and from the keys of the catalogue. */
  readonly core = new Set<string>();
  readonly keys = new Set<string>();
  /** Constants of custom types that nobody exports, by name. */
  readonly customs = new Map<string, string>();

  fields(fields: FieldDefinitions, depth: number): string {
    const indent = '  '.repeat(depth + 1);
    const lines = Object.entries(fields).map(([name, shape]) => {
      const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : text(name);
      return `${indent}${key}: ${this.#shape(shape)},\n`;
    });
    return lines.length === 0 ? '{}' : `{\n${lines.join('')}${'  '.repeat(depth)}}`;
  }

  /** @param inherited what an outer shape and the inner one have in common, which is written once */
  #shape(shape: ShapeDefinition): string {
    const pii = this.#pii(shape);
    switch (shape.kind) {
      case 'record':
        this.core.add('record');
        return pii === undefined ? shape.name : `record(${text(shape.name)}, ${shape.name}.fields, ${pii})`;
      case 'list':
      case 'map':
      case 'optional':
        this.core.add(shape.kind);
        return `${shape.kind}(${[this.#shape(shape.of), ...this.#own(shape)].join(', ')})`;
      case 'withDefault': {
        this.core.add('withDefault');
        const value = this.#default(shape.of, shape.default);
        return `withDefault(${[this.#shape(shape.of), value, ...this.#own(shape)].join(', ')})`;
      }
      case 'custom':
        return this.#custom(shape, pii);
      default:
        this.core.add(shape.kind);
        return `${shape.kind}(${pii ?? ''})`;
    }
  }

  /** Annotations of a shape around another one, unless it inherits them. */
  #own(shape: Extract<ShapeDefinition, { readonly of: ShapeDefinition }>): readonly string[] {
    const pii = this.#pii(shape);
    const inherits = shape.kind === 'optional' || shape.kind === 'withDefault';
    if (inherits && JSON.stringify(shape.pii) === JSON.stringify(shape.of.pii)) return [];
    return pii === undefined ? [] : [pii];
  }

  #pii({ pii }: ShapeDefinition): string | undefined {
    if (pii === undefined) return undefined;
    return pii.length === 1 ? `{ pii: ${text(pii[0] as string)} }` : `{ pii: ${literal(pii)} }`;
  }

  #custom(shape: CustomDefinition, pii: string | undefined): string {
    const { name, wire, symbols } = shape;
    if (name === 'enumeration' && symbols !== undefined) {
      this.core.add('enumeration');
      return `enumeration(${[literal(symbols), ...(pii === undefined ? [] : [pii])].join(', ')})`;
    }
    if (name === 'datetime' || name === 'json' || name === 'uuid') {
      this.core.add(name);
      return `${name}(${pii ?? ''})`;
    }
    const key = catalogKeys[name];
    if (key !== undefined) {
      this.keys.add(key);
      return `${key}(${pii ?? ''})`;
    }
    this.core.add('custom');
    const constant = `${name.charAt(0).toLowerCase()}${name.slice(1).replace(/\W/g, '_')}Type`;
    const type = {
      string: 'string',
      long: 'number',
      double: 'number',
      boolean: 'boolean',
      bytes: 'Uint8Array',
    }[wire];
    this.customs.set(
      constant,
      `/** The custom type ${name}: check and convert its values here. */\n` +
        `const ${constant} = {\n  name: ${text(name)},\n  wire: ${text(wire)},\n` +
        (symbols === undefined ? '' : `  symbols: ${literal(symbols)},\n`) +
        ['normalize', 'toWire', 'fromWire'].map((one) => `  ${one}: (value: ${type}) => value,\n`).join('') +
        '} as const;',
    );
    return `custom(${[constant, ...(pii === undefined ? [] : [pii])].join(', ')})`;
  }

  #default(of: ShapeDefinition, value: JsonValue): string {
    const wire = of.kind === 'custom' ? of.wire : of.kind;
    return wire === 'bytes' ? `Buffer.from(${literal(value)}, 'latin1')` : literal(value);
  }
}

/** The functions of `events-catalog/keys`, by the names of their types. */
const catalogKeys: Readonly<Record<string, string>> = {
  CCXLocator: 'ccxLocator',
  CourseKey: 'courseKey',
  LibraryCollectionLocator: 'libraryCollectionLocator',
  LibraryContainerLocator: 'libraryContainerLocator',
  LibraryLocatorV2: 'libraryLocatorV2',
  LibraryUsageLocatorV2: 'libraryUsageLocatorV2',
  UsageKey: 'usageKey',
};

/** Text in single quotes. */
function text(value: string): string {
  return `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

function literal(value: JsonValue | readonly string[]): string {
  if (typeof value === 'string') return text(value);
  if (value === null || typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return `[${value.map((item) => literal(item as JsonValue)).join(', ')}]`;
  return `{ ${Object.entries(value)
    .map(([key, item]) => `${text(key)}: ${literal(item)}`)
    .join(', ')} }`;
}
