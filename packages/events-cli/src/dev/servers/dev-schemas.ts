/** A version of a subject, as a registry returns it. */
export interface DevSchemaVersion {
  readonly subject: string;
  readonly version: number;
  readonly id: number;
  readonly schema: string;
}

/** The schemas of a registry in memory: one id for a text, in whatever subject, and the versions of each subject. */
export class DevSchemas {
  readonly #texts: string[] = [];
  readonly #subjects = new Map<string, DevSchemaVersion[]>();

  get subjects(): readonly string[] {
    return [...this.#subjects.keys()];
  }

  textOf(id: number): string | undefined {
    return this.#texts[id - 1];
  }

  /** The versions of a subject, oldest first. */
  versionsOf(subject: string): readonly DevSchemaVersion[] {
    return this.#subjects.get(subject) ?? [];
  }

  /** The version with this schema, if the subject has it. */
  find(subject: string, schema: string): DevSchemaVersion | undefined {
    return this.versionsOf(subject).find((version) => version.schema === schema);
  }

  /** The version with this schema, new where the subject lacks it. */
  register(subject: string, schema: string): DevSchemaVersion {
    const known = this.find(subject, schema);
    if (known !== undefined) return known;
    const id = this.#texts.indexOf(schema) + 1 || this.#texts.push(schema);
    const versions = this.versionsOf(subject);
    const added = { subject, version: versions.length + 1, id, schema };
    this.#subjects.set(subject, [...versions, added]);
    return added;
  }
}
