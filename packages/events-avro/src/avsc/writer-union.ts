import { type AvscType, OwnType } from './avsc.js';

/**
 * A writer's union, for resolving only. Instead of avsc's, which refuses the whole union when one of its branches
 * cannot be read; Avro decides by the data. A branch that cannot be read is itself a union without branches, which
 * avsc's resolver takes for a union whose index is always wrong (scanning refuses such data before).
 */
export class WriterUnion extends OwnType {
  override readonly typeName = 'union:writer';
  readonly types: readonly AvscType[];

  constructor(branches: readonly AvscType[]) {
    super();
    this.types = branches;
  }

  override _read(): unknown {
    throw new Error('only for resolving');
  }

  override _write(): void {
    throw new Error('only for resolving');
  }

  override _copy(value: unknown): unknown {
    return value;
  }

  override _update(): void {}
}
