import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reasonOf, runtime } from '@openedx-ts/events-core/bus';

/** A schema with the id that the registry assigned. */
export interface KnownSchema {
  readonly id: number;
  readonly schema: string;
}

/**
 * Stores the schemas and ids of a registry in a directory, one JSON file each, for use while the registry is unreachable.
 * Several processes may share the directory. It holds at most 2,000 files and 64 MiB, and the oldest are deleted. Errors with
 * files are logged and not thrown: the registry is authoritative.
 */
export class SchemaFiles {
  readonly #directory: string;
  readonly #limits: { readonly files: number; readonly bytes: number };
  #tempFiles = 0;

  /**
   * @param registryUrl chooses a subdirectory: each registry assigns its own ids
   * @param limits of the directory
   */
  constructor(directory: string, registryUrl: string, limits = { files: MAX_FILES, bytes: MAX_BYTES }) {
    this.#limits = limits;
    this.#directory = join(directory, hashOf(registryUrl).slice(0, 16));
  }

  /** Reads the id of a schema text under a subject. */
  async idOf(subject: string, schema: string): Promise<number | undefined> {
    const known = await this.#read(registeredName(subject, schema));
    return known?.schema === schema ? known.id : undefined;
  }

  /** Reads the schema text of an id. */
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

  /** Writes a temporary file and renames it: another process that reads concurrently never finds half a file. */
  async #write(name: string, known: KnownSchema): Promise<void> {
    try {
      await mkdir(this.#directory, { recursive: true });
      this.#tempFiles += 1;
      const temporary = join(this.#directory, `.${name}.${process.pid}-${this.#tempFiles}`);
      await writeFile(temporary, JSON.stringify(known));
      await rename(temporary, join(this.#directory, name));
      await this.#deleteOldest();
    } catch (error) {
      this.#warn(error);
    }
  }

  async #deleteOldest(): Promise<void> {
    const names = await readdir(this.#directory);
    const files = await Promise.all(names.map((name) => this.#about(name)));
    const newestFirst = files.filter((file) => file !== undefined).sort((a, b) => b.changedAt - a.changedAt);
    let bytes = 0;
    for (const [index, { path, size }] of newestFirst.entries()) {
      bytes += size;
      if (index >= this.#limits.files || bytes > this.#limits.bytes) await rm(path, { force: true });
    }
  }

  /** Undefined for a file that another process has deleted. */
  async #about(name: string) {
    const path = join(this.#directory, name);
    try {
      const { mtimeMs: changedAt, size } = await stat(path);
      return { path, changedAt, size };
    } catch {
      return undefined;
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

/** Which schemas are asked for is up to those who send messages. */
const MAX_FILES = 2_000;
const MAX_BYTES = 64 * 1024 * 1024;

function registeredName(subject: string, schema: string): string {
  return `registered-${hashOf(`${subject}\n${schema}`)}.json`;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
