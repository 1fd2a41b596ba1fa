import { type FieldNode, type SchemaNode, simpleName } from '../schema/schema-node.js';
import { type AvscType, anyType, arrayType, mapType, primitiveType, recordType } from './avsc.js';
import { WriterUnion } from './writer-union.js';

/**
 * The type of a writer's schema that was resolved against ours, to be resolved by avsc. None of the writer's names
 * reach avsc except those of fields that we have too: everything else is renamed, so that no name can collide with
 * one in generated code, and a namespace may hold what avsc refuses.
 */
export function writerType(plan: SchemaNode): AvscType {
  const records = new Map<SchemaNode, AvscType>();
  const typeOf = (node: SchemaNode): AvscType => {
    switch (node.kind) {
      case 'array':
        return arrayType(typeOf(node.items));
      case 'map':
        return mapType(typeOf(node.values));
      case 'union':
        return new WriterUnion(node.branches.map(typeOf));
      case 'never':
        return new WriterUnion([]);
      case 'record': {
        let type = records.get(node);
        if (type === undefined) {
          const name = `w${records.size}.r_${simpleName(node.name)}`;
          type = recordType(
            name,
            node.fields.map((field, index) => fieldOf(field, index)),
          );
          records.set(node, type);
        }
        return type;
      }
      case 'enum':
      case 'fixed':
        return anyType(skippedJson(node));
      default:
        return primitiveType(node.kind);
    }
  };
  const fieldOf = (field: FieldNode, index: number) =>
    field.isSkipped === true
      ? { name: `__skipped_${index}`, type: anyType(skippedJson(field.node)), hasDefault: false }
      : { name: field.name, type: typeOf(field.node), hasDefault: false };
  return typeOf(plan);
}

/** A schema for values that are only skipped: it has their layout and none of their names. */
function skippedJson(node: SchemaNode): unknown {
  const names = new Map<SchemaNode, string>();
  const define = (node: SchemaNode, json: () => object): unknown => {
    const known = names.get(node);
    if (known !== undefined) return known;
    const name = `s_${names.size}`;
    names.set(node, name);
    return { name, ...json() };
  };
  const jsonOf = (node: SchemaNode): unknown => {
    switch (node.kind) {
      case 'array':
        return { type: 'array', items: jsonOf(node.items) };
      case 'map':
        return { type: 'map', values: jsonOf(node.values) };
      case 'union':
        return node.branches.map(jsonOf);
      case 'record':
        return define(node, () => ({
          type: 'record',
          fields: node.fields.map((field, index) => ({ name: `f${index}`, type: jsonOf(field.node) })),
        }));
      case 'enum':
        return define(node, () => ({ type: 'enum', symbols: node.symbols }));
      case 'fixed':
        return define(node, () => ({ type: 'fixed', size: node.size }));
      default:
        return node.kind;
    }
  };
  return jsonOf(node);
}
