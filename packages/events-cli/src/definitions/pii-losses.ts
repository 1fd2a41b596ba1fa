import type { EventDefinition, FieldDefinitions, ShapeDefinition } from './event-definition.js';

/**
 * The paths of fields that one definition marks as personal data (`pii`), alone or with what holds them, and the other one
 * does not.
 */
export function piiLosses(before: EventDefinition, after: EventDefinition): readonly string[] {
  const [old, now] = [marksOf(before), marksOf(after)];
  return [...old].filter(([path, isMarked]) => isMarked && now.get(path) === false).map(([path]) => path);
}

function marksOf({ data }: EventDefinition): ReadonlyMap<string, boolean> {
  const marks = new Map<string, boolean>();
  markFields(data, '', false, marks);
  return marks;
}

function markFields(
  fields: FieldDefinitions,
  prefix: string,
  isMarked: boolean,
  marks: Map<string, boolean>,
): void {
  for (const [name, shape] of Object.entries(fields)) mark(shape, `${prefix}${name}`, isMarked, marks);
}

function mark(shape: ShapeDefinition, path: string, isOuter: boolean, marks: Map<string, boolean>): void {
  const isMarked = isOuter || shape.pii !== undefined;
  switch (shape.kind) {
    case 'record':
      markFields(shape.fields, `${path}.`, isMarked, marks);
      return;
    case 'list':
      mark(shape.of, `${path}[]`, isMarked, marks);
      return;
    case 'map':
      mark(shape.of, `${path}{}`, isMarked, marks);
      return;
    case 'optional':
    case 'withDefault':
      mark(shape.of, path, isMarked, marks);
      return;
    default:
      marks.set(path, isMarked);
  }
}
