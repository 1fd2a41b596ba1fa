import { type AvscField, OwnType, type Tap } from './avsc.js';

/**
 * A writer's record, for resolving only. Replaces avsc's, which compiles functions that read, write and copy the writer's
 * values: a reader uses none of them, and they take most of the time and memory of a reader.
 */
export class WriterRecord extends OwnType {
  override readonly typeName = 'record';
  override readonly name: string;
  readonly fields: readonly AvscField[];
  readonly aliases: readonly string[] = [];

  /** @param fields may be filled after this, as a record may contain itself */
  constructor(name: string, fields: readonly AvscField[]) {
    super();
    this.name = name;
    this.fields = fields;
  }

  override _skip(tap: Tap): void {
    for (const { type } of this.fields) type._skip(tap);
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
