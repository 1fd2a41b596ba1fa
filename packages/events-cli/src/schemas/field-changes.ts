import type { FieldLayout, SchemaLayout } from './schema-layout.js';

/** One difference between two schemas. */
export interface FieldChange {
  readonly kind: 'added' | 'removed' | 'changed' | 'reordered';
  /** The field; for `reordered` the record, `''` for the event's data as a whole. */
  readonly path: string;
  /** The change in words. */
  readonly text: string;
}

/** Lists the differences by field in the order of the new schema, then removed fields, then reordered records. */
export function fieldChanges(before: SchemaLayout, after: SchemaLayout): readonly FieldChange[] {
  const changes: FieldChange[] = [];
  for (const [path, field] of after) {
    const old = before.get(path);
    if (old === undefined) changes.push({ kind: 'added', path, text: fieldText(field) });
    else if (fieldText(old) !== fieldText(field))
      changes.push({ kind: 'changed', path, text: `${fieldText(old)} → ${fieldText(field)}` });
  }
  for (const [path, field] of before) {
    if (!after.has(path)) changes.push({ kind: 'removed', path, text: fieldText(field) });
  }
  return [...changes, ...reorderings(before, after)];
}

function fieldText({ type, defaultText }: FieldLayout): string {
  return defaultText === undefined ? type : `${type} (default ${defaultText})`;
}

/** Records whose common fields have another order. */
function reorderings(before: SchemaLayout, after: SchemaLayout): readonly FieldChange[] {
  const [old, now] = [common(before, after), common(after, before)];
  return [...now].flatMap(([path, names]) => {
    const [was, is] = [old.get(path)?.join(', ') ?? '', names.join(', ')];
    return was === is ? [] : [{ kind: 'reordered' as const, path, text: `order ${was} → ${is}` }];
  });
}

/** For each record, its fields that the other schema has too. */
function common(layout: SchemaLayout, other: SchemaLayout): ReadonlyMap<string, readonly string[]> {
  const records = new Map<string, string[]>();
  for (const path of layout.keys()) {
    if (!other.has(path)) continue;
    const dot = path.lastIndexOf('.');
    const record = path.slice(0, Math.max(dot, 0));
    records.set(record, [...(records.get(record) ?? []), path.slice(dot + 1)]);
  }
  return records;
}
