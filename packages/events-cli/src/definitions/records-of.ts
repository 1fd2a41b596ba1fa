import { isDeepStrictEqual } from 'node:util';
import { CommandError } from '../terminal/command-error.js';
import type { ShapeDefinition } from './event-definition.js';
import type { NamedEvent } from './named-event.js';

/** A record of some events, with its fields. */
export type RecordDefinition = Extract<ShapeDefinition, { readonly kind: 'record' }>;

/**
 * Lists the records of events, each once and behind those that it uses.
 *
 * @throws CommandError when two events mean different records by one name
 */
export function recordsOf(events: readonly NamedEvent[]): readonly RecordDefinition[] {
  const found = new Map<string, RecordDefinition>();
  const visit = (shape: ShapeDefinition): void => {
    if ('of' in shape) visit(shape.of);
    if (shape.kind !== 'record') return;
    for (const field of Object.values(shape.fields)) visit(field);
    const known = found.get(shape.name);
    if (known === undefined) found.set(shape.name, shape);
    else if (!isDeepStrictEqual(known.fields, shape.fields))
      throw new CommandError(
        'CLI_UNSUPPORTED',
        `two of these events have different records of the name ${shape.name}: write them to separate files`,
      );
  };
  for (const { definition } of events) for (const shape of Object.values(definition.data)) visit(shape);
  return [...found.values()];
}
