import { fingerprintOf, type SchemaRegistry } from '@openedx-ts/events-avro';
import { InfrastructureError } from '@openedx-ts/events-core';
import { runtime, type WriterSchema } from '@openedx-ts/events-core/bus';
import { KeyedQueue } from '../runtime/keyed-queue.js';
import { TimedMemory } from '../runtime/timed-memory.js';
import { type RegistryAnswer, RegistryHttp, type RegistryRequest } from './registry-http.js';
import { RegistryOutage } from './registry-outage.js';
import { type KnownSchema, SchemaFiles } from './schema-files.js';
import { SchemaRegistryError } from './schema-registry-error.js';
import {
  type ResolvedSchemaRegistryOptions,
  resolveSchemaRegistryOptions,
  type SchemaRegistryOptions,
} from './schema-registry-options.js';
import { SchemasById } from './schemas-by-id.js';

/**
 * A client of a schema registry with the Confluent API. The last 10,000 ids are cached for the life of the process, and
 * identical requests that overlap are sent once. While the registry is unreachable, requests are retried after growing
 * intervals, and those in between fail at once. Schemas are never normalized by the registry: a registry that compares
 * texts would assign other ids than to the Python services.
 */
export class ConfluentSchemaRegistry implements SchemaRegistry {
  readonly #options: ResolvedSchemaRegistryOptions;
  readonly #http: RegistryHttp;
  readonly #files: SchemaFiles | undefined;
  readonly #ids = new TimedMemory<string, number | Promise<number>>({ keepMs: Infinity, capacity: 10_000 });
  readonly #schemas: SchemasById;
  readonly #refused = new TimedMemory<string, SchemaRegistryError>({ keepMs: refusalMs, capacity: 10_000 });
  /** Apicurio refuses one of two schemas that are registered concurrently under a new subject. */
  readonly #requests = new KeyedQueue();
  readonly #outage: RegistryOutage;
  #useless: Error | undefined;

  /** @throws InvalidOptionsError */
  constructor(options: SchemaRegistryOptions) {
    this.#options = resolveSchemaRegistryOptions(options);
    this.#http = new RegistryHttp(this.#options);
    this.#outage = new RegistryOutage(this.#http.url);
    const { cacheDirectory } = this.#options;
    this.#files = cacheDirectory === undefined ? undefined : new SchemaFiles(cacheDirectory, this.#http.url);
    this.#schemas = new SchemasById({
      http: this.#http,
      outage: this.#outage,
      files: this.#files,
      onAccess: (error) => {
        this.#useless = error;
      },
    });
  }

  /** The error of the last request to the registry; undefined when it succeeded. */
  get failure(): string | undefined {
    return (this.#outage.error ?? this.#useless)?.message;
  }

  /**
   * Returns the id of a schema under a subject. Registers the schema unless it exists; with `autoRegister: false` it only
   * looks it up.
   *
   * @throws SchemaRegistryError when the registry refuses the schema; the refusal is cached for 10 seconds
   * @throws InfrastructureError when the registry cannot be reached
   */
  register(subject: string, schemaText: string): number | Promise<number> {
    const place = `${subject}\n${fingerprintOf(schemaText)}`;
    const known = this.#ids.get(place);
    if (known !== undefined) return known;
    const refusal = this.#refused.get(place);
    if (refusal !== undefined) return Promise.reject(refusal);
    const id = this.#requests
      .run(subject, () => this.#idOf(subject, schemaText))
      .then(
        (answer) => {
          this.#ids.set(place, answer);
          return answer;
        },
        (error: unknown) => {
          this.#ids.delete(place);
          if (error instanceof SchemaRegistryError) this.#refused.set(place, error);
          throw error;
        },
      );
    this.#ids.set(place, id);
    return id;
  }

  /**
   * Returns the schema of an id; undefined when the registry has none, which is cached for a second.
   *
   * @throws UnusableMessageError when it is not an Avro schema, or when the registry returns no usable response for this
   *   id for some seconds while it does for others
   * @throws InfrastructureError when the registry cannot be reached or refuses the credentials
   */
  schemaById(id: number): WriterSchema | undefined | Promise<WriterSchema | undefined> {
    return this.#schemas.of(id);
  }

  /**
   * Checks that the registry responds and accepts the credentials.
   *
   * @throws SchemaRegistryError, InfrastructureError
   */
  async check(): Promise<void> {
    const { body } = await this.#ask({ method: 'GET', path: '/schemas/types' });
    if (!Array.isArray(body)) throw this.#http.odd('/schemas/types');
  }

  /** Sends requests until one succeeds, so that a wrong URL shows in `failure` before an event needs a schema. */
  async untilAnswered(abortSignal: AbortSignal): Promise<void> {
    while (!abortSignal.aborted && !this.#schemas.hasFound) {
      try {
        return await this.check();
      } catch (error) {
        if (error instanceof Error) this.#useless = error;
        await runtime().clock.sleep(askAgainMs, abortSignal);
      }
    }
  }

  async #idOf(subject: string, schema: string): Promise<number> {
    const { autoRegister } = this.#options;
    const path = `/subjects/${encodeURIComponent(subject)}${autoRegister ? '/versions' : ''}?normalize=False`;
    const body = { schema, schemaType: 'AVRO', references: [] };
    const ask = () => this.#askOr({ method: 'POST', path, body }, () => this.#files?.idOf(subject, schema));
    let answer = await ask();
    if (typeof answer !== 'number' && wasFirst(answer)) answer = await ask();
    if (typeof answer === 'number') return answer;
    const { id } = answer.body as Partial<KnownSchema>;
    if (answer.errorCode !== undefined) throw this.#refusal(subject, answer);
    if (!isId(id)) throw this.#http.odd(path);
    await this.#files?.keepId(subject, { id, schema });
    return id;
  }

  /** Sends a request, or reads the schema files while the registry is unreachable. */
  async #askOr<T extends number>(
    request: RegistryRequest,
    kept: () => Promise<T | undefined> | undefined,
  ): Promise<RegistryAnswer | T> {
    try {
      return await this.#ask(request);
    } catch (error) {
      const found = error instanceof InfrastructureError ? await kept() : undefined;
      if (found === undefined) throw error;
      return found;
    }
  }

  async #ask(request: RegistryRequest): Promise<RegistryAnswer> {
    const { backoffError } = this.#outage;
    if (backoffError !== undefined) throw backoffError;
    try {
      const answer = await this.#http.ask(request);
      this.#outage.recovered();
      this.#useless = undefined;
      return answer;
    } catch (error) {
      if (error instanceof InfrastructureError) this.#outage.failed(error);
      else if (error instanceof SchemaRegistryError) this.#useless = error;
      throw error;
    }
  }

  #refusal(subject: string, { status, errorCode, errorMessage }: RegistryAnswer): Error {
    const at = `the schema registry at ${this.#http.url}`;
    if (status === 409) {
      const message = `${at} refuses the schema of subject ${subject} as incompatible: ${errorMessage}`;
      return new SchemaRegistryError('incompatible', subject, message);
    }
    if (errorCode === READ_ONLY) {
      const cure = 'set its mode to READWRITE, or register the schema where it is copied from';
      const message = `${at} is in read-only mode and does not register the schema of subject ${subject} (${READ_ONLY}: ${errorMessage}): ${cure}`;
      return new SchemaRegistryError('not-registered', subject, message);
    }
    if (status === 422 || status === 400) {
      const cure =
        'some registries accept fewer names than Avro users write, such as a namespace with a hyphen';
      const message = `${at} holds the schema of subject ${subject} for invalid (${errorCode}: ${errorMessage}): ${cure}`;
      return new SchemaRegistryError('invalid-schema', subject, message);
    }
    if (status === 404) {
      const cure = 'register it, or set autoRegister';
      const message = `${at} does not have the schema of subject ${subject}: ${cure}`;
      return new SchemaRegistryError('not-registered', subject, message);
    }
    return this.#http.odd(`subject ${subject}`);
  }
}

/** `OPERATION_NOT_PERMITTED`: the mode of the subject, or of the whole registry, is READONLY. */
const READ_ONLY = 42_205;
const refusalMs = 10_000;
const askAgainMs = 1_000;

/** Whether another process has just created the subject: the schema itself was not refused. */
function wasFirst({ status, errorMessage }: RegistryAnswer): boolean {
  return status === 409 && /already exists/i.test(errorMessage);
}

function isId(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 0x7fffffff;
}
