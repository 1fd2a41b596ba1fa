/** A schema that is refused. Callers turn it into an error that names the event or the schema. */
export class SchemaError extends Error {
  /** Dotted path of the field in the schema, `''` for the schema itself. */
  readonly path: string;

  constructor(path: string, reason: string) {
    super(path === '' ? reason : `${path}: ${reason}`);
    this.path = path;
  }
}
