import { CommandError } from '../terminal/command-error.js';
import type { EventDefinition } from './event-definition.js';

/** Definitions by event type. */
export type EventDefinitions = ReadonlyMap<string, EventDefinition>;

/** The file beside the schema files with what Avro schemas lack: enumerations, custom types, defaults, keys, `pii`. */
export const definitionsFileName = 'definitions.json';

/** Formats definitions as a file: sorted by type, so that changes of two branches rarely meet. */
export function definitionsFileText(definitions: EventDefinitions): string {
  const events = [...definitions].sort(([a], [b]) => (a < b ? -1 : 1));
  return `${JSON.stringify({ version: VERSION, events: Object.fromEntries(events) }, null, 2)}\n`;
}

/**
 * Reads the text of a definitions file.
 *
 * @throws CommandError naming the first place that is not as `schema generate` writes it
 */
export function parseDefinitions(label: string, text: string): EventDefinitions {
  const refuse = (reason: string) =>
    new CommandError('CLI_FILE', `${label}: ${reason}: write it again with schema generate --force`);
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    throw refuse('not valid JSON');
  }
  if (!isObject(file) || file.version !== VERSION || !isObject(file.events))
    throw refuse(`not a definitions file of version ${VERSION}`);
  for (const [eventType, definition] of Object.entries(file.events)) {
    const problem = definitionProblem(definition, eventType);
    if (problem !== undefined) throw refuse(`${problem} is not a definition`);
  }
  return new Map(Object.entries(file.events as Record<string, EventDefinition>));
}

const VERSION = 1;

function definitionProblem(definition: unknown, path: string): string | undefined {
  if (!isObject(definition)) return path;
  const { key_field: key } = definition;
  if (key !== null && typeof key !== 'string') return `${path}.key_field`;
  return fieldsProblem(definition.data, `${path}.data`, 0);
}

function fieldsProblem(fields: unknown, path: string, depth: number): string | undefined {
  if (!isObject(fields)) return path;
  for (const [name, shape] of Object.entries(fields)) {
    const problem = shapeProblem(shape, `${path}.${name}`, depth + 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function shapeProblem(shape: unknown, path: string, depth: number): string | undefined {
  if (!isObject(shape) || depth > MAX_DEPTH) return path;
  if (shape.pii !== undefined && !isTexts(shape.pii)) return `${path}.pii`;
  switch (shape.kind) {
    case 'record':
      return typeof shape.name === 'string' ? fieldsProblem(shape.fields, path, depth) : path;
    case 'list':
    case 'map':
    case 'optional':
    case 'withDefault':
      return shapeProblem(shape.of, path, depth + 1);
    case 'custom':
      return typeof shape.name === 'string' &&
        isWire(shape.wire) &&
        (shape.symbols === undefined || isTexts(shape.symbols))
        ? undefined
        : path;
    default:
      return isWire(shape.kind) ? undefined : path;
  }
}

/** As deep as a schema may be. */
const MAX_DEPTH = 64;

function isWire(kind: unknown): boolean {
  return typeof kind === 'string' && ['string', 'long', 'double', 'boolean', 'bytes'].includes(kind);
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
