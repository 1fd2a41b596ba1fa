import { canonicalAvroSchema } from './canonical-avro-schema.js';

/** A version of a subject. */
export interface StoredVersion {
  readonly subject: string;
  readonly version: number;
  readonly id: number;
  readonly schema: string;
}

/** What a registry remembers. */
export interface SchemaStore {
  /** Names of all subjects, in order of their first schema. */
  subjects(): string[];
  /** Versions of a subject, oldest first; empty when there is none. */
  versions(subject: string): readonly StoredVersion[];
  /** The version with this schema, if the subject has it. */
  find(subject: string, schema: string): StoredVersion | undefined;
  /** The version with this schema, new if need be. */
  register(subject: string, schema: string): StoredVersion;
  /** A schema's text. */
  schema(id: number): string | undefined;
  /** Forgets a subject; ids stay. */
  remove(subject: string): void;
}

/**
 * @param ids `canonical`: one id for a schema however it is written, as Confluent's registry has it; `text`: one for each
 * text, as Apicurio has it
 * @param firstId the first id that is given out
 */
export function schemaStore(ids: 'canonical' | 'text', firstId: number): SchemaStore {
  const subjects = new Map<string, StoredVersion[]>();
  const idOf = new Map<string, number>();
  const schemas = new Map<number, string>();
  const identity = (schema: string) => {
    const canonical = canonicalAvroSchema(schema);
    return ids === 'canonical' ? canonical : schema;
  };
  const versions = (subject: string) => subjects.get(subject) ?? [];
  const find = (subject: string, schema: string) => {
    const text = identity(schema);
    return versions(subject).find((version) => version.schema === text);
  };
  return {
    subjects: () => [...subjects.keys()],
    versions,
    find,
    register(subject, schema) {
      const there = find(subject, schema);
      if (there !== undefined) return there;
      const text = identity(schema);
      const id = idOf.get(text) ?? firstId + idOf.size;
      idOf.set(text, id);
      schemas.set(id, text);
      const added = { subject, version: versions(subject).length + 1, id, schema: text };
      subjects.set(subject, [...versions(subject), added]);
      return added;
    },
    schema: (id) => schemas.get(id),
    remove: (subject) => void subjects.delete(subject),
  };
}
