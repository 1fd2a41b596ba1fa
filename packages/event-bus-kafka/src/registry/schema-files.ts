import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reasonOf, runtime } from '@openedx-ts/events-core/bus';

/** A schema as a registry knows it. */
export interface KnownSchema {
  readonly id: number;
  readonly schema: string;
}

/**
 * Keeps what a registry said in a directory, a JSON file for each schema, for times when it is down. Several processes
 * may share it. Errors with files are only logged: the registry has the truth.
 */
export class SchemaFiles {
  readonly #directory: string;
  #tempFiles = 0;

  /** @param registryUrl ids are a registry's own: each has a directory of its own */
  constructor(directory: string, registryUrl: string) {
    this.#directory = join(directory, hashOf(registryUrl).slice(0, 16));
  }

  /** The id of a schema text under a subject. */
  async idOf(subject: string, schema: string): Promise<number | undefined> {
    const known = await this.#read(registeredName(subject, schema));
    return known?.schema === schema ? known.id : undefined;
  }

  /** The schema text of an id. */
  async schemaOf(id: number): Promise<string | undefined> {
    const known = await this.#read(`schema-${id}.json`);
    return known?.id === id ? known.schema : undefined;
  }

  async keepId(subject: string, known: KnownSchema): Promise<void> {
    await this.#write(registeredName(subject, known.schema), known);
  }

  async keepSchema(known: KnownSchema): Promise<void> {
    await this.#write(`schema-${known.id}.json`, known);
  }

  async #read(name: string): Promise<KnownSchema | undefined> {
    try {
      const { id, schema } = JSON.parse(await readFile(join(this.#directory, name), 'utf8')) as KnownSchema;
      return Number.isSafeInteger(id) && typeof schema === 'string' ? { id, schema } : undefined;
    } catch (error) {
      if ((error as { readonly code?: string }).code !== 'ENOENT') this.#warn(error);
      return undefined;
    }
  }

  /** Another process may read at the same time, and never finds half a file. */
  async #write(name: string, known: KnownSchema): Promise<void> {
    try {
      await mkdir(this.#directory, { recursive: true });
      this.#tempFiles += 1;
      const temporary = join(this.#directory, `.${name}.${process.pid}-${this.#tempFiles}`);
      await writeFile(temporary, JSON.stringify(known));
      await rename(temporary, join(this.#directory, name));
    } catch (error) {
      this.#warn(error);
    }
  }

  #warn(error: unknown): void {
    const facts = { directory: this.#directory, reason: reasonOf(error) };
    runtime().logger.warn(
      facts,
      'The cache directory of schemas (EVENT_BUS_KAFKA_SCHEMA_REGISTRY_CACHE_DIRECTORY) cannot be used: schemas are known only while the registry is reachable.',
    );
  }
}

function registeredName(subject: string, schema: string): string {
  return `registered-${hashOf(`${subject}\n${schema}`)}.json`;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
