import type {
  CustomDefinition,
  EventDefinition,
  FieldDefinitions,
  ShapeDefinition,
} from './event-definition.js';
import { pythonClasses } from './python-classes.js';

/** Values that travel well and that the other definition does not accept. */
export interface ValueBreak {
  readonly path: string;
  readonly direction: 'backward' | 'forward';
  readonly message: string;
  readonly cure: string;
  /** Whether a Python service refuses them too: it knows some custom types, and these outside lists and maps only. */
  readonly isPython: boolean;
}

/**
 * Lists the fields whose values one definition sends and the other refuses although their Avro types agree: symbols of
 * enumerations, custom types, and bytes that are read as text. Custom types are compared by name.
 */
export function valueBreaks(before: EventDefinition, after: EventDefinition): readonly ValueBreak[] {
  const breaks: ValueBreak[] = [];
  compareFields(before.data, after.data, '', breaks);
  return breaks;
}

function compareFields(
  before: FieldDefinitions,
  after: FieldDefinitions,
  prefix: string,
  breaks: ValueBreak[],
): void {
  for (const [name, shape] of Object.entries(before)) {
    const other = Object.hasOwn(after, name) ? after[name] : undefined;
    if (other !== undefined) compare(bare(shape), bare(other), `${prefix}${name}`, breaks);
  }
}

type Bare = Exclude<ShapeDefinition, { readonly kind: 'optional' | 'withDefault' }>;

function bare(shape: ShapeDefinition): Bare {
  return shape.kind === 'optional' || shape.kind === 'withDefault' ? bare(shape.of) : (shape as Bare);
}

function compare(before: Bare, after: Bare, path: string, breaks: ValueBreak[]): void {
  if (before.kind === 'record' && after.kind === 'record')
    compareFields(before.fields, after.fields, `${path}.`, breaks);
  else if (before.kind === 'list' && after.kind === 'list')
    compare(bare(before.of), bare(after.of), `${path}[]`, breaks);
  else if (before.kind === 'map' && after.kind === 'map')
    compare(bare(before.of), bare(after.of), `${path}{}`, breaks);
  else {
    const sides = [
      ['backward', refusal(after, before)],
      ['forward', refusal(before, after)],
    ] as const;
    for (const [direction, found] of sides)
      if (found !== undefined)
        breaks.push({
          path,
          direction,
          message: found.message,
          cure: cures[found.cause][direction],
          isPython: found.isPython && !/[\]}]/.test(path),
        });
  }
}

interface Refusal {
  readonly cause: keyof typeof cures;
  readonly message: string;
  readonly isPython: boolean;
}

/** Why a reader refuses some of the values of a writer; undefined when it accepts all. */
function refusal(reader: Bare, writer: Bare): Refusal | undefined {
  if (reader.kind === 'string' && wireOf(writer) === 'bytes')
    return { cause: 'type', message: 'bytes that are not UTF-8 cannot be read as text', isPython: true };
  if (reader.kind !== 'custom') return undefined;
  const other: Partial<CustomDefinition> = writer.kind === 'custom' ? writer : {};
  const { name, symbols } = reader;
  const isPython = pythonClasses[name] !== undefined;
  if (symbols !== undefined && other.symbols !== undefined) {
    const unknown = other.symbols.filter((symbol) => !symbols.includes(symbol));
    if (unknown.length === 0) return undefined;
    const listed = unknown.map((symbol) => JSON.stringify(symbol)).join(', ');
    return { cause: 'symbol', message: `the symbol ${listed} is not known there`, isPython };
  }
  if (symbols === undefined && other.name === name) return undefined;
  const accepted = symbols === undefined ? name : `one of ${symbols.length} symbols`;
  const message = `any ${other.name ?? wireOf(writer)} may be sent, only ${accepted} is read`;
  return { cause: 'type', message, isPython };
}

function wireOf(shape: Bare): string {
  return shape.kind === 'custom' ? shape.wire : shape.kind;
}

const otherType =
  'keep its type and add an optional field beside it, or define a new major version of the event';

const cures = {
  symbol: {
    backward:
      'keep the symbol as long as events with it may be read, or define a new major version of the event',
    forward:
      'deploy all consumers with the new symbol before anything sends it: --mode backward checks that step',
  },
  type: { backward: otherType, forward: otherType },
} as const;
