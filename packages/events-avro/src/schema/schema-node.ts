/**
 * A schema after parsing: names resolved to objects, everything checked. Records may refer to themselves, so the
 * graph may have cycles. What is marked "plan" is added when a writer's schema is resolved against ours.
 */
export type SchemaNode =
  | ArrayNode
  | EnumNode
  | FixedNode
  | MapNode
  | NeverNode
  | PrimitiveNode
  | RecordNode
  | UnionNode;

export interface PrimitiveNode {
  readonly kind: PrimitiveKind;
  /** Plan: these `bytes` are read as text. */
  readonly isText?: true;
}

export type PrimitiveKind = 'boolean' | 'bytes' | 'double' | 'float' | 'int' | 'long' | 'null' | 'string';

export interface RecordNode {
  readonly kind: 'record';
  /** With its namespace. */
  readonly name: string;
  readonly fields: readonly FieldNode[];
  /** Plan: how many fields the record has once it is read. */
  readonly readFields?: number;
}

export interface FieldNode {
  readonly name: string;
  readonly node: SchemaNode;
  /** Whether a reader can do without the field. */
  readonly hasDefault: boolean;
  /** Plan: the reader does not know the field. */
  readonly isSkipped?: boolean;
}

export interface EnumNode {
  readonly kind: 'enum';
  readonly name: string;
  readonly symbols: readonly string[];
  readonly hasDefault: boolean;
}

export interface FixedNode {
  readonly kind: 'fixed';
  readonly name: string;
  readonly size: number;
}

export interface ArrayNode {
  readonly kind: 'array';
  readonly items: SchemaNode;
}

export interface MapNode {
  readonly kind: 'map';
  readonly values: SchemaNode;
}

export interface UnionNode {
  readonly kind: 'union';
  readonly branches: readonly SchemaNode[];
}

/** Plan: a branch of the writer's union that our type cannot hold; data that uses it is poison. */
export interface NeverNode {
  readonly kind: 'never';
}

/** One object for each primitive. */
export const primitiveNodes: Readonly<Record<PrimitiveKind, PrimitiveNode>> = {
  boolean: { kind: 'boolean' },
  bytes: { kind: 'bytes' },
  double: { kind: 'double' },
  float: { kind: 'float' },
  int: { kind: 'int' },
  long: { kind: 'long' },
  null: { kind: 'null' },
  string: { kind: 'string' },
};

/** A name without its namespace; this is what Avro compares when it resolves records. */
export function simpleName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}
