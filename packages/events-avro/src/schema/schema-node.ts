/**
 * A parsed and checked schema, with names resolved to nodes. Records may contain themselves, so the graph may have
 * cycles. Members marked "Plan" are added when a writer's schema is resolved against a reader's.
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
  /** Plan: this `string` is read as bytes. */
  readonly isBytes?: true;
}

export type PrimitiveKind = 'boolean' | 'bytes' | 'double' | 'float' | 'int' | 'long' | 'null' | 'string';

export interface RecordNode {
  readonly kind: 'record';
  /** The name with its namespace. */
  readonly name: string;
  readonly fields: readonly FieldNode[];
  /** Plan: number of fields of the reader's record. */
  readonly readFields?: number;
}

export interface FieldNode {
  readonly name: string;
  readonly node: SchemaNode;
  /** Whether a reader may use a default when the writer lacks the field. */
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

/** Plan: a branch of the writer's union that the reader's schema does not accept; data that uses it is poison. */
export interface NeverNode {
  readonly kind: 'never';
}

/** The node of each primitive. */
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

/** Returns a name without its namespace; Avro compares only these when it resolves records. */
export function simpleName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}
