import { SchemaError } from './schema-error.js';
import {
  type FieldNode,
  type PrimitiveKind,
  primitiveNodes,
  type RecordNode,
  type SchemaNode,
} from './schema-node.js';

/** Limits of a schema: text length in UTF-16 units, nesting, and number of types, fields and symbols. */
export const schemaLimits = { text: 1_048_576, nesting: 64, nodes: 10_000 } as const;

/**
 * Parses and checks a schema from an untrusted source, given as text or as a JSON object. A schema is compiled only after
 * it was parsed here, so that a registry cannot crash the process. Hyphens in a namespace are accepted, because the
 * Python services write them; other names must follow the Avro specification.
 *
 * @throws SchemaError when it is not a valid schema or exceeds `schemaLimits`
 */
export function parseSchema(schema: unknown): SchemaNode {
  return new SchemaParser().parse(typeof schema === 'string' ? jsonOf(schema) : schema);
}

function jsonOf(text: string): unknown {
  if (text.length > schemaLimits.text) {
    throw new SchemaError('', `the schema is longer than ${schemaLimits.text} characters`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new SchemaError('', 'the schema is not valid JSON');
  }
}

class SchemaParser {
  readonly #named = new Map<string, SchemaNode>();
  readonly #path: string[] = [];
  #nodes = 0;
  #nesting = 0;

  parse(schema: unknown): SchemaNode {
    return this.#type(schema, '');
  }

  #type(schema: unknown, namespace: string): SchemaNode {
    this.#count(1);
    if (typeof schema === 'string') return this.#reference(schema, namespace);
    if (!isObject(schema)) this.#refuse('expected a type name, an object or a list of types');
    this.#nesting += 1;
    if (this.#nesting > schemaLimits.nesting)
      this.#refuse(`nested deeper than ${schemaLimits.nesting} levels`);
    const node = Array.isArray(schema)
      ? this.#union(schema, namespace)
      : this.#object(schema as Record<string, unknown>, namespace);
    this.#nesting -= 1;
    return node;
  }

  #reference(name: string, namespace: string): SchemaNode {
    const qualified = name.includes('.') || namespace === '' ? name : `${namespace}.${name}`;
    return (
      primitive(name) ??
      this.#named.get(qualified) ??
      this.#named.get(name) ??
      this.#refuse('a type is used that the schema does not define')
    );
  }

  #union(branches: readonly unknown[], namespace: string): SchemaNode {
    if (branches.length === 0) this.#refuse('a union has no branch');
    const nodes = branches.map((branch) => this.#type(branch, namespace));
    const names = new Set<string>();
    for (const node of nodes) {
      if (node.kind === 'union') this.#refuse('a union contains a union');
      const name = 'name' in node ? node.name : node.kind;
      if (names.has(name)) this.#refuse('a union has a type twice');
      names.add(name);
    }
    return { kind: 'union', branches: nodes };
  }

  #object(schema: Record<string, unknown>, namespace: string): SchemaNode {
    switch (schema.type) {
      case 'record':
      case 'error':
        return this.#record(schema, namespace);
      case 'array':
        return { kind: 'array', items: this.#type(schema.items, namespace) };
      case 'map':
        return { kind: 'map', values: this.#type(schema.values, namespace) };
      case 'enum': {
        const symbols = this.#symbols(schema.symbols);
        return this.#define(schema, namespace, (name) => ({
          kind: 'enum',
          name,
          symbols,
          hasDefault: typeof schema.default === 'string' && symbols.includes(schema.default),
        }));
      }
      case 'fixed': {
        const size = schema.size;
        if (typeof size !== 'number' || !Number.isInteger(size) || size < 0 || size > 0x7fffffff)
          this.#refuse('a fixed type has no valid size');
        return this.#define(schema, namespace, (name) => ({ kind: 'fixed', name, size }));
      }
      default:
        // `{"type": "string"}` is the primitive; `{"type": {…}}` is tolerated by every implementation.
        return this.#type(schema.type, namespace);
    }
  }

  #record(schema: Record<string, unknown>, outer: string): SchemaNode {
    const fields: FieldNode[] = [];
    const record = this.#define(schema, outer, (name) => ({ kind: 'record', name, fields })) as RecordNode;
    const namespace = record.name.includes('.') ? record.name.slice(0, record.name.lastIndexOf('.')) : '';
    if (!Array.isArray(schema.fields)) this.#refuse('a record has no list of fields');
    const names = new Set<string>();
    for (const field of schema.fields as unknown[]) {
      if (!isObject(field) || typeof field.name !== 'string' || !isName(field.name))
        this.#refuse('a field has no valid name');
      if (names.has(field.name)) this.#refuse('a record has two fields with the same name');
      names.add(field.name);
      this.#count(1);
      this.#path.push(field.name);
      fields.push({
        name: field.name,
        node: this.#type(field.type, namespace),
        hasDefault: field.default !== undefined,
      });
      this.#path.pop();
    }
    return record;
  }

  #define(
    schema: Record<string, unknown>,
    outer: string,
    make: (fullName: string) => SchemaNode,
  ): SchemaNode {
    const { name, namespace = outer } = schema;
    if (typeof name !== 'string' || typeof namespace !== 'string') this.#refuse('a named type has no name');
    const full = name.includes('.') || namespace === '' ? name : `${namespace}.${name}`;
    const parts = full.split('.');
    const simple = parts.pop() as string;
    if (full.length > 1024 || !isName(simple) || !parts.every(isNamespacePart))
      this.#refuse('a type name is not a valid Avro name');
    if (primitive(simple) !== undefined) this.#refuse('a type has the name of a primitive');
    if (this.#named.has(full)) this.#refuse('two types have the same name');
    const node = make(full);
    this.#named.set(full, node);
    return node;
  }

  #symbols(symbols: unknown): readonly string[] {
    if (!Array.isArray(symbols) || symbols.length === 0) this.#refuse('an enum has no symbols');
    this.#count(symbols.length);
    for (const symbol of symbols as unknown[])
      if (typeof symbol !== 'string' || !isName(symbol)) this.#refuse('an enum has an invalid symbol');
    if (new Set(symbols).size !== symbols.length) this.#refuse('an enum has a symbol twice');
    return symbols as string[];
  }

  #count(nodes: number): void {
    this.#nodes += nodes;
    if (this.#nodes > schemaLimits.nodes)
      this.#refuse(`the schema has more than ${schemaLimits.nodes} types, fields and symbols`);
  }

  #refuse(reason: string): never {
    throw new SchemaError(this.#path.join('.'), reason);
  }
}

function primitive(name: string): SchemaNode | undefined {
  return Object.hasOwn(primitiveNodes, name) ? primitiveNodes[name as PrimitiveKind] : undefined;
}

function isName(name: string): boolean {
  return name.length <= 512 && /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && name !== '__proto__';
}

function isNamespacePart(part: string): boolean {
  return /^[A-Za-z0-9_-]+$/.test(part);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
