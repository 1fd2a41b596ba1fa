import type { Shape } from '@openedx-ts/events-core';
import type { AnyShape, Fields, RecordShape } from '@openedx-ts/events-core/bus';
import { type FieldNode, primitiveNodes, type RecordNode, type SchemaNode } from './schema-node.js';

/** Builds the reader's schema of a shape: the published schema plus the defaults of `withDefault` fields. */
export function nodeOfShape(shape: RecordShape): RecordNode {
  return nodeOf(shape as AnyShape, new Map()) as RecordNode;
}

function nodeOf(shape: AnyShape, records: Map<string, RecordNode>): SchemaNode {
  switch (shape.kind) {
    case 'record': {
      const known = records.get(shape.name);
      if (known !== undefined) return known;
      const node: RecordNode = {
        kind: 'record',
        name: shape.name,
        fields: fieldNodes(shape.fields, records),
      };
      records.set(shape.name, node);
      return node;
    }
    case 'list':
      return { kind: 'array', items: nodeOf(shape.of as AnyShape, records) };
    case 'map':
      return { kind: 'map', values: nodeOf(shape.values as AnyShape, records) };
    case 'optional':
      return { kind: 'union', branches: [primitiveNodes.null, nodeOf(shape.of as AnyShape, records)] };
    case 'withDefault':
      return nodeOf(shape.of as AnyShape, records);
    case 'custom':
      return primitiveNodes[shape.type.wire];
    default:
      return primitiveNodes[shape.kind];
  }
}

function fieldNodes(fields: Fields, records: Map<string, RecordNode>): FieldNode[] {
  return Object.entries(fields).map(([name, shape]: [string, Shape]) => ({
    name,
    node: nodeOf(shape as AnyShape, records),
    hasDefault: shape.kind === 'optional' || shape.kind === 'withDefault',
  }));
}
