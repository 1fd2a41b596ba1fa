import type { EventDefinition, FieldDefinitions, ShapeDefinition } from './event-definition.js';

/**
 * The path of the first field at which the bytes of two definitions differ, for readers that do not use the schema of the
 * writer: Python services on Redis read field by field in their own order. Undefined when they read the same. A field of
 * the same type that has a new name in its place is read under the old name.
 */
export function layoutChange(before: EventDefinition, after: EventDefinition): string | undefined {
  return fieldsChange(before.data, after.data, '');
}

function fieldsChange(before: FieldDefinitions, after: FieldDefinitions, prefix: string): string | undefined {
  const [old, now] = [Object.entries(before), Object.entries(after)];
  for (let index = 0; index < Math.max(old.length, now.length); index += 1) {
    const [was, is] = [old[index], now[index]];
    if (was === undefined || is === undefined) return `${prefix}${(was ?? is)?.[0]}`;
    // Its name elsewhere: the two fields have changed places.
    const moved = was[0] !== is[0] && (Object.hasOwn(after, was[0]) || Object.hasOwn(before, is[0]));
    const change = moved ? `${prefix}${is[0]}` : shapeChange(was[1], is[1], `${prefix}${is[0]}`);
    if (change !== undefined) return change;
  }
  return undefined;
}

function shapeChange(before: ShapeDefinition, after: ShapeDefinition, path: string): string | undefined {
  const [old, now] = [without(before), without(after)];
  if (old.kind === 'record' && now.kind === 'record') return fieldsChange(old.fields, now.fields, `${path}.`);
  if ((old.kind === 'list' || old.kind === 'map' || old.kind === 'optional') && now.kind === old.kind) {
    const inside = { list: '[]', map: '{}', optional: '' }[old.kind];
    return shapeChange(old.of, (now as typeof old).of, `${path}${inside}`);
  }
  return wireKind(old) === wireKind(now) ? undefined : path;
}

function without(shape: ShapeDefinition): ShapeDefinition {
  return shape.kind === 'withDefault' ? shape.of : shape;
}

/** Text and bytes have the same bytes. */
function wireKind(shape: ShapeDefinition): string {
  const kind = shape.kind === 'custom' ? shape.wire : shape.kind;
  return kind === 'bytes' ? 'string' : kind;
}
