import { type FieldNode, type SchemaNode, simpleName } from '../schema/schema-node.js';
import { type AvscField, type AvscType, arrayType, mapType, primitiveType, recordType } from './avsc.js';
import { SkipType } from './skip-type.js';
import { WriterUnion } from './writer-union.js';

/**
 * The type of a writer's schema that was resolved against ours, to be resolved by avsc. None of the writer's names
 * reach avsc except those that we have too: everything else is renamed or skipped, so that no name can collide with
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
          type = recordType(name, fieldsOf(node.fields));
          records.set(node, type);
        }
        return type;
      }
      case 'enum':
      case 'fixed':
        throw new Error('our schemas have no such type, so nothing resolves to it');
      default:
        return primitiveType(node.kind);
    }
  };

  const fieldsOf = (fields: readonly FieldNode[]): AvscField[] => {
    const result: AvscField[] = [];
    let skipped: SchemaNode[] = [];
    const endSkipped = () => {
      const name = `__skipped_${result.length}`;
      if (skipped.length > 0) result.push({ name, type: new SkipType(skipped), hasDefault: false });
      skipped = [];
    };
    for (const field of fields) {
      if (field.isSkipped === true) {
        skipped.push(field.node);
      } else {
        endSkipped();
        result.push({ name: field.name, type: typeOf(field.node), hasDefault: false });
      }
    }
    endSkipped();
    return result;
  };

  return typeOf(plan);
}
