import type { SchemaNode } from '../schema/schema-node.js';
import { OwnType, type Tap } from './avsc.js';

/**
 * One or more consecutive fields of the writer that the reader does not know. They are only skipped, so avsc need not
 * compile them, which takes a third of a second for a large schema. Their bytes have passed the scan.
 */
export class SkipType extends OwnType {
  override readonly typeName = 'own:skip';
  readonly #skips: readonly Skip[];

  constructor(nodes: readonly SchemaNode[]) {
    super();
    const compiled = new Map<SchemaNode, Skip>();
    this.#skips = nodes.map((node) => compileSkip(node, compiled));
  }

  override _skip(tap: Tap): void {
    for (const skip of this.#skips) skip(tap);
  }

  override _read(): unknown {
    throw new Error('only for skipping');
  }

  override _write(): void {
    throw new Error('only for skipping');
  }

  override _copy(value: unknown): unknown {
    return value;
  }

  override _update(): void {}
}

type Skip = (tap: Tap) => void;

function compileSkip(node: SchemaNode, compiled: Map<SchemaNode, Skip>): Skip {
  const known = compiled.get(node);
  if (known !== undefined) return known;
  switch (node.kind) {
    case 'null':
    case 'never':
      return () => undefined;
    case 'boolean':
      return skipBytes(1);
    case 'float':
      return skipBytes(4);
    case 'double':
      return skipBytes(8);
    case 'fixed':
      return skipBytes(node.size);
    case 'int':
    case 'long':
    case 'enum':
      return (tap) => void tap.readLong();
    case 'string':
    case 'bytes':
      return skipText;
    case 'array':
      return skipBlocks(compileSkip(node.items, compiled));
    case 'map': {
      const value = compileSkip(node.values, compiled);
      return skipBlocks((tap) => {
        skipText(tap);
        value(tap);
      });
    }
    case 'union': {
      const branches = node.branches.map((branch) => compileSkip(branch, compiled));
      return (tap) => branches[tap.readLong()]?.(tap);
    }
    case 'record': {
      const fields: Skip[] = [];
      const skip: Skip = (tap) => {
        for (const field of fields) field(tap);
      };
      compiled.set(node, skip);
      for (const field of node.fields) fields.push(compileSkip(field.node, compiled));
      return skip;
    }
  }
}

function skipBytes(size: number): Skip {
  return (tap) => {
    tap.pos += size;
  };
}

function skipText(tap: Tap): void {
  const length = tap.readLong();
  tap.pos += length;
}

function skipBlocks(item: Skip): Skip {
  return (tap) => {
    for (let count = tap.readLong(); count !== 0; count = tap.readLong()) {
      if (count < 0) skipText(tap);
      else for (; count > 0; count -= 1) item(tap);
    }
  };
}
