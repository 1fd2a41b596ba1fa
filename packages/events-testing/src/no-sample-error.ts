/** No value could be made up for a field: its custom type has no `sample`. */
export class NoSampleError extends Error {
  override readonly name = 'NoSampleError';
  readonly code = 'EVENTS_TESTING_NO_SAMPLE';
  /** Dotted; empty for the whole value. */
  readonly path: string;
  readonly typeName: string;

  constructor(path: string, typeName: string) {
    super(
      `no sample for ${path === '' ? 'the value' : path}: give the custom type ${typeName} a sample function, or override the field`,
    );
    this.path = path;
    this.typeName = typeName;
  }
}
