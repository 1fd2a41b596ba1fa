import type { SchemaNode } from '../schema/schema-node.js';

/** The minimum size of a value of a schema, in bytes. A record inside itself counts as 0, as it may never occur. */
export function leastSize(schema: SchemaNode): number {
  const known = new Map<SchemaNode, number>();
  const sizeOf = (node: SchemaNode): number => {
    switch (node.kind) {
      case 'null':
      case 'never':
        return 0;
      case 'float':
        return 4;
      case 'double':
        return 8;
      case 'fixed':
        return node.size;
      case 'union':
        return 1 + Math.min(...node.branches.map(sizeOf));
      case 'record': {
        const size = known.get(node);
        if (size !== undefined) return size;
        known.set(node, 0);
        let sum = 0;
        for (const field of node.fields) sum += sizeOf(field.node);
        known.set(node, sum);
        return sum;
      }
      default:
        return 1;
    }
  };
  return sizeOf(schema);
}
