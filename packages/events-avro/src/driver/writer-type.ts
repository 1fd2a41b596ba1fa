import { type FieldNode, type SchemaNode, simpleName } from '../schema/schema-node.js';
import { type AvscField, type AvscType, arrayType, mapType, primitiveType } from './avsc.js';
import { SkipType } from './skip-type.js';
import { WriterRecord } from './writer-record.js';
import { WriterUnion } from './writer-union.js';

/**
 * Compiles a resolved writer's schema to an avsc type that avsc resolves against the reader's. Of the writer's names only
 * those that the reader's schema has too reach avsc; the others are renamed or skipped, so that no name can collide with
 * one in generated code, and a namespace may contain characters that avsc refuses.
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
          const fields: AvscField[] = [];
          type = new WriterRecord(`w${records.size}.r_${simpleName(node.name)}`, fields);
          records.set(node, type);
          fields.push(...fieldsOf(node.fields));
        }
        return type;
      }
      case 'enum':
      case 'fixed':
        throw new Error('schemas of shapes have no enum and no fixed type, so none is resolved to one');
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
