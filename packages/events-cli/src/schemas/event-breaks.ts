import type { DefinitionBreak, Reader } from '../definitions/definition-break.js';
import { definitionSchema } from '../definitions/definition-schema.js';
import type { EventDefinition } from '../definitions/event-definition.js';
import { layoutChange } from '../definitions/layout-change.js';
import { valueBreaks } from '../definitions/value-breaks.js';
import { breakCure } from './break-cure.js';
import { type SchemaBreak, type SchemaSide, schemaBreaks } from './schema-breaks.js';

/** An event as it was published. */
export interface PublishedEvent {
  /** Its file or subject, for messages. */
  readonly label: string;
  /** The Avro schema. */
  readonly text: string;
  /** Undefined where only the schema is known. */
  readonly definition: EventDefinition | undefined;
}

/**
 * Lists what breaks when a definition replaces the published one, and for whom: schemas by the rules of Avro, values of
 * custom types and enumerations, and the order of the bytes for Python services on Redis.
 *
 * @throws CommandError when the published schema is not an Avro schema
 */
export function eventBreaks(
  published: PublishedEvent,
  eventType: string,
  current: EventDefinition,
): readonly DefinitionBreak[] {
  const found = new Map<string, DefinitionBreak & { readonly readers: Set<Reader> }>();
  const add = (one: Omit<DefinitionBreak, 'readers'>, ...readers: Reader[]) => {
    const key = `${one.direction} ${one.path}`;
    const known = found.get(key);
    if (known === undefined) found.set(key, { ...one, readers: new Set(readers) });
    else for (const reader of readers) known.readers.add(reader);
  };
  const withCure = (one: SchemaBreak) => ({ ...one, cure: breakCure(one, published.text, eventType) });
  const sides = comparedSides(published, eventType, current);
  for (const one of schemaBreaks(sides.ours.before, sides.ours.after)) add(withCure(one), 'typescript');
  const definition = sides.isDefinitionCurrent ? published.definition : undefined;
  if (published.definition !== undefined)
    for (const one of valueBreaks(published.definition, current))
      add(one, 'typescript', ...(one.isPython ? python : []));
  for (const one of schemaBreaks(sides.python.before, sides.python.after)) add(withCure(one), 'python-kafka');
  const path = definition === undefined ? undefined : layoutChange(definition, current);
  if (path !== undefined)
    for (const direction of ['backward', 'forward'] as const)
      add({ path, direction, message: layoutMessage, cure: layoutCure }, 'python-redis');
  return [...found.values()];
}

const python: readonly Reader[] = ['python-kafka', 'python-redis'];
const layoutMessage = 'they read the bytes field by field with their own schema';
const layoutCure = 'change all services at once, or define a new major version of the event';

function comparedSides(published: PublishedEvent, eventType: string, current: EventDefinition) {
  const { label, text, definition } = published;
  const plain = { label: eventType, text: definitionSchema(eventType, current, { asReader: false }) };
  const reader = { label: eventType, text: definitionSchema(eventType, current, { asReader: true }) };
  const before: SchemaSide = { label, text };
  // A file that was edited or generated alone counts as it is.
  const isDefinitionCurrent =
    definition !== undefined &&
    schemaBreaksNothing(before, definitionSchema(eventType, definition, { asReader: false }));
  const ours = isDefinitionCurrent
    ? { label, text: definitionSchema(eventType, definition, { asReader: true }) }
    : before;
  return {
    isDefinitionCurrent,
    ours: { before: ours, after: reader },
    python: { before, after: plain },
  };
}

function schemaBreaksNothing(side: SchemaSide, text: string): boolean {
  return schemaBreaks(side, { label: side.label, text }).length === 0;
}
