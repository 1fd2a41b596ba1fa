/** The type and default of a field as text, to compare. */
export interface FieldLayout {
  /** A record is given by its name only: its fields have their own entries. */
  readonly type: string;
  /** JSON; undefined when there is none. */
  readonly defaultText: string | undefined;
}

/** The fields of a schema by dotted path; `[]` means the items of a list, `{}` the values of a map. */
export type SchemaLayout = ReadonlyMap<string, FieldLayout>;

/** Lists the fields of an Avro schema, given as JSON, in wire order. Invalid parts are left out. */
export function schemaLayout(schema: unknown): SchemaLayout {
  const layout = new Map<string, FieldLayout>();
  walk(schema, '', { layout, named: new Map(), open: new Set() });
  return layout;
}

interface Walk {
  readonly layout: Map<string, FieldLayout>;
  readonly named: Map<string, unknown>;
  /** The records around the current one, so that a recursive record ends the walk. */
  readonly open: Set<unknown>;
}

function walk(schema: unknown, path: string, state: Walk): void {
  if (Array.isArray(schema)) {
    for (const branch of schema) walk(branch, path, state);
  } else if (typeof schema === 'string') {
    const named = state.named.get(simpleName(schema));
    if (named !== undefined) walk(named, path, state);
  } else if (isObject(schema)) {
    walkObject(schema, path, state);
  }
}

function walkObject(schema: Record<string, unknown>, path: string, state: Walk): void {
  switch (schema.type) {
    case 'record':
      if (state.open.has(schema)) return;
      state.named.set(simpleName(String(schema.name)), schema);
      state.open.add(schema);
      for (const field of Array.isArray(schema.fields) ? (schema.fields as unknown[]) : []) {
        if (!isObject(field)) continue;
        const at = path === '' ? String(field.name) : `${path}.${String(field.name)}`;
        const defaultText = field.default === undefined ? undefined : JSON.stringify(field.default);
        state.layout.set(at, { type: typeText(field.type), defaultText });
        walk(field.type, at, state);
      }
      state.open.delete(schema);
      return;
    case 'array':
      walk(schema.items, `${path}[]`, state);
      return;
    case 'map':
      walk(schema.values, `${path}{}`, state);
      return;
    default:
      if (isObject(schema.type) || Array.isArray(schema.type)) walk(schema.type, path, state);
  }
}

function typeText(schema: unknown): string {
  if (Array.isArray(schema)) return schema.map(typeText).join(' | ');
  if (typeof schema === 'string') return simpleName(schema);
  if (!isObject(schema)) return String(schema);
  switch (schema.type) {
    case 'array':
      return `array<${typeText(schema.items)}>`;
    case 'map':
      return `map<${typeText(schema.values)}>`;
    case 'enum':
      return `enum ${simpleName(String(schema.name))}(${String(schema.symbols)})`;
    case 'fixed':
      return `fixed ${simpleName(String(schema.name))}(${String(schema.size)})`;
    case 'record':
      return simpleName(String(schema.name));
    default:
      return typeText(schema.type);
  }
}

function simpleName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
