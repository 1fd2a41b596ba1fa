import {
  type EnumNode,
  type FieldNode,
  type FixedNode,
  type PrimitiveKind,
  type RecordNode,
  type SchemaNode,
  simpleName,
  type UnionNode,
} from '../schema/schema-node.js';

/** A place where the reader's schema cannot read data of the writer's. */
export interface Mismatch {
  /** Dotted; `[]` means the items of a list, `{}` the values of a map. */
  readonly path: string;
  readonly reason: string;
  /** Whether only some data is affected: a branch of a union, a symbol of an enum. */
  readonly isPartial: boolean;
}

/** The result of resolving a writer's schema against a reader's. */
export interface Resolution {
  /** The writer's schema with instructions for the reader; undefined when none of its data can be read. */
  readonly plan: SchemaNode | undefined;
  readonly mismatches: readonly Mismatch[];
}

/** The names of the two schemas in reasons. */
export interface Parties {
  readonly reader: string;
  readonly writer: string;
}

/** Resolves a writer's schema against a reader's by the rules of the Avro specification; aliases are not used. */
export function resolveSchemas(reader: SchemaNode, writer: SchemaNode, parties: Parties): Resolution {
  const resolver = new SchemaResolver(parties);
  const plan = resolver.resolve(reader, writer, '');
  return { plan, mismatches: resolver.mismatches };
}

class SchemaResolver {
  readonly mismatches: Mismatch[] = [];
  readonly #parties: Parties;
  readonly #records = new Map<SchemaNode, Map<SchemaNode, RecordNode | undefined>>();
  #insideUnion = false;

  constructor(parties: Parties) {
    this.#parties = parties;
  }

  resolve(reader: SchemaNode, writer: SchemaNode, path: string): SchemaNode | undefined {
    if (writer.kind === 'union') return this.#writerUnion(reader, writer, path);
    if (reader.kind === 'union') return this.#readerUnion(reader, writer, path);
    if (reader.kind === 'record' && writer.kind === 'record') return this.#record(reader, writer, path);
    if (reader.kind === 'array' && writer.kind === 'array') {
      const items = this.resolve(reader.items, writer.items, `${path}[]`);
      return items && { kind: 'array', items };
    }
    if (reader.kind === 'map' && writer.kind === 'map') {
      const values = this.resolve(reader.values, writer.values, `${path}{}`);
      return values && { kind: 'map', values };
    }
    if (reader.kind === 'enum' && writer.kind === 'enum') return this.#enum(reader, writer, path);
    if (reader.kind === 'fixed' && writer.kind === 'fixed') return this.#fixed(reader, writer, path);
    if (reader.kind === writer.kind) return writer;
    if (!canPromote(writer, reader)) return this.#unreadable(reader, writer, path);
    if (writer.kind === 'bytes') return { kind: 'bytes', isText: true };
    return writer.kind === 'string' ? { kind: 'string', isBytes: true } : writer;
  }

  /** Resolves each branch by itself, because the data decides which branch is read. */
  #writerUnion(reader: SchemaNode, writer: UnionNode, path: string): SchemaNode | undefined {
    const before = this.mismatches.length;
    const outer = this.#insideUnion;
    this.#insideUnion = true;
    const branches = writer.branches.map((branch) => this.resolve(reader, branch, path));
    this.#insideUnion = outer;
    if (branches.every((branch) => branch === undefined)) {
      if (this.mismatches.length === before) this.#unreadable(reader, writer, path);
      return undefined;
    }
    for (let index = before; index < this.mismatches.length; index += 1) {
      this.mismatches[index] = { ...(this.mismatches[index] as Mismatch), isPartial: true };
    }
    return { kind: 'union', branches: branches.map((branch) => branch ?? { kind: 'never' }) };
  }

  #readerUnion(reader: UnionNode, writer: SchemaNode, path: string): SchemaNode | undefined {
    const branch =
      reader.branches.find((branch) => isSameType(branch, writer)) ??
      reader.branches.find((branch) => branch.kind === writer.kind) ??
      reader.branches.find((branch) => canPromote(writer, branch));
    return branch === undefined ? this.#unreadable(reader, writer, path) : this.resolve(branch, writer, path);
  }

  #record(reader: RecordNode, writer: RecordNode, path: string): RecordNode | undefined {
    const known = this.#records.get(reader) ?? new Map<SchemaNode, RecordNode | undefined>();
    this.#records.set(reader, known);
    if (known.has(writer)) return known.get(writer);
    if (!isSameType(reader, writer)) return this.#renamed(reader, writer, path);
    const fields: FieldNode[] = [];
    const plan: RecordNode = { ...writer, fields, readFields: reader.fields.length };
    known.set(writer, plan);
    const wanted = new Map(reader.fields.map((field) => [field.name, field]));
    let isReadable = true;
    for (const field of writer.fields) {
      const target = wanted.get(field.name);
      wanted.delete(field.name);
      const node = target && this.resolve(target.node, field.node, at(path, field.name));
      if (target === undefined) fields.push({ ...field, isSkipped: true });
      else if (node !== undefined) fields.push({ ...field, node });
      else isReadable = false;
    }
    for (const { name, hasDefault } of wanted.values()) {
      if (hasDefault) continue;
      isReadable = false;
      const { reader, writer } = this.#parties;
      this.#fail(at(path, name), `${reader} requires this field and has no default, ${writer} lacks it`);
    }
    if (!isReadable) known.set(writer, undefined);
    return isReadable ? plan : undefined;
  }

  #enum(reader: EnumNode, writer: EnumNode, path: string): SchemaNode | undefined {
    if (!isSameType(reader, writer)) return this.#renamed(reader, writer, path);
    const unknown = writer.symbols.filter((symbol) => !reader.symbols.includes(symbol));
    if (unknown.length === 0 || reader.hasDefault) return writer;
    const listed = unknown.map((symbol) => `"${symbol}"`).join(', ');
    const reason = `${this.#parties.reader} does not know the symbol ${listed}`;
    if (unknown.length === writer.symbols.length) return this.#fail(path, reason);
    this.mismatches.push({ path, reason, isPartial: true });
    return writer;
  }

  #fixed(reader: FixedNode, writer: FixedNode, path: string): SchemaNode | undefined {
    if (!isSameType(reader, writer)) return this.#renamed(reader, writer, path);
    return reader.size === writer.size ? writer : this.#fail(path, 'the two fixed types differ in size');
  }

  #renamed(reader: { readonly name: string }, writer: { readonly name: string }, path: string): undefined {
    const names = [`"${simpleName(writer.name)}" in ${this.#parties.writer}`, `"${simpleName(reader.name)}"`];
    return this.#fail(path, `the type is called ${names.join(' and ')} in ${this.#parties.reader}`);
  }

  #unreadable(reader: SchemaNode, writer: SchemaNode, path: string): undefined {
    const has = this.#insideUnion ? 'may have' : 'has';
    const { reader: readerName, writer: writerName } = this.#parties;
    const reason = `${writerName} ${has} ${describe(writer)}, ${readerName} expects ${describe(reader)}`;
    return this.#fail(path, reason);
  }

  #fail(path: string, reason: string): undefined {
    this.mismatches.push({ path, reason, isPartial: false });
    return undefined;
  }
}

function canPromote(writer: SchemaNode, reader: SchemaNode): boolean {
  return promotions[writer.kind as PrimitiveKind]?.includes(reader.kind) === true;
}

const promotions: Partial<Record<PrimitiveKind, readonly SchemaNode['kind'][]>> = {
  int: ['long', 'float', 'double'],
  long: ['float', 'double'],
  float: ['double'],
  string: ['bytes'],
  bytes: ['string'],
};

function isSameType(a: SchemaNode, b: SchemaNode): boolean {
  if (a.kind !== b.kind) return false;
  return !('name' in a) || !('name' in b) || simpleName(a.name) === simpleName(b.name);
}

function describe(node: SchemaNode): string {
  return node.kind === 'union' ? node.branches.map(describe).join(' or ') : node.kind;
}

function at(path: string, field: string): string {
  return path === '' ? field : `${path}.${field}`;
}
