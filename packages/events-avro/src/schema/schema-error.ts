/** A schema text that is refused. Internal: callers turn it into an error that names the event. */
export class SchemaError extends Error {
  /** Dotted path of the field in the schema, `''` for the whole. */
  readonly path: string;

  constructor(path: string, reason: string) {
    super(path === '' ? reason : `${path}: ${reason}`);
    this.path = path;
  }
}
