import { type AvscType, OwnType } from './avsc.js';

/**
 * A writer's union, for resolving only. Replaces avsc's, which refuses the whole union when one of its branches cannot be
 * read, although by the Avro specification the data decides. An unreadable branch is a union without branches, whose
 * index avsc's resolver always finds invalid (the scan refuses such data first).
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
