import { fingerprintOf, SchemaPatience } from '@openedx-ts/events-avro';
import { InfrastructureError } from '@openedx-ts/events-core';
import {
  escapeUnprintable,
  reasonOf,
  UnusableMessageError,
  type WriterSchema,
} from '@openedx-ts/events-core/bus';
import { TimedMemory } from '../runtime/timed-memory.js';
import type { RegistryAnswer, RegistryHttp } from './registry-http.js';
import type { RegistryOutage } from './registry-outage.js';
import type { SchemaFiles } from './schema-files.js';
import { SchemaRegistryError } from './schema-registry-error.js';

export interface SchemasByIdOptions {
  readonly http: RegistryHttp;
  readonly outage: RegistryOutage;
  readonly files: SchemaFiles | undefined;
  /** Called with the error when the registry refuses the credentials, and with undefined after a response. */
  readonly onAccess: (error: SchemaRegistryError | undefined) => void;
}

/**
 * Looks up schemas by id. Ids come from messages, so an id for which the registry fails must not stop messages with other
 * ids: when a request fails, another id is requested as well. If that fails too, the registry is unavailable and messages
 * wait. Otherwise messages with the first id are poison once `SchemaPatience` has ended.
 */
export class SchemasById {
  readonly #options: SchemasByIdOptions;
  readonly #known = new TimedMemory<number, WriterSchema>({
    keepMs: Infinity,
    capacity: 1_000,
    maxCost: MAX_CACHED_CHARACTERS,
    costOf: ({ text }) => text.length,
  });
  readonly #asked = new Map<number, Promise<WriterSchema | undefined>>();
  /** Ids without a usable schema, and why. */
  readonly #unusable = new TimedMemory<number, UnusableMessageError>({
    keepMs: UNUSABLE_ID_MS,
    capacity: 10_000,
  });
  /** Ids that the registry does not know. */
  readonly #missing = new TimedMemory<number, true>({ keepMs: MISSING_ID_MS, capacity: 10_000 });
  readonly #patience = new SchemaPatience();
  #lastFound: number | undefined;

  constructor(options: SchemasByIdOptions) {
    this.#options = options;
  }

  /** Whether a schema was found. */
  get hasFound(): boolean {
    return this.#lastFound !== undefined;
  }

  /** See `ConfluentSchemaRegistry.schemaById`. */
  of(id: number): WriterSchema | undefined | Promise<WriterSchema | undefined> {
    const known = this.#known.get(id) ?? this.#asked.get(id);
    if (known !== undefined) return known;
    const unusable = this.#unusable.get(id);
    if (unusable !== undefined) return Promise.reject(unusable);
    if (this.#missing.get(id)) return undefined;
    const asked = this.#find(id).finally(() => this.#asked.delete(id));
    this.#asked.set(id, asked);
    return asked;
  }

  async #find(id: number): Promise<WriterSchema | undefined> {
    const answer = await this.#askOrRead(id);
    if (typeof answer === 'string') return this.#remember(id, answer);
    if (answer.errorCode === SCHEMA_NOT_FOUND) {
      this.#missing.set(id, true);
      return undefined;
    }
    const { schema, ...others } = answer.body as SchemaAnswer;
    const schemaType = others.schemaType ?? 'AVRO';
    if (schemaType !== 'AVRO' || (others.references ?? []).length !== 0) {
      const what =
        schemaType === 'AVRO'
          ? 'an Avro schema with references'
          : `a schema of type ${escapeUnprintable(String(schemaType).slice(0, 40))}`;
      throw this.#poison(id, `schema ${id} of the registry is ${what}, which is not supported`);
    }
    this.#lastFound = id;
    this.#patience.found(String(id));
    await this.#options.files?.keepSchema({ id, schema });
    return this.#remember(id, schema);
  }

  #remember(id: number, text: string): WriterSchema {
    const schema = { text, fingerprint: fingerprintOf(text) };
    this.#known.set(id, schema);
    return schema;
  }

  /** Sends a request to the registry; reads the schema files when it returns no usable response. */
  async #askOrRead(id: number): Promise<RegistryAnswer | string> {
    const { outage, files, onAccess } = this.#options;
    if (outage.backoffError !== undefined) return this.#read(id, outage.backoffError);
    let failure: Error;
    try {
      const answer = await this.#ask(id);
      outage.recovered();
      onAccess(undefined);
      return answer;
    } catch (error) {
      failure = error as Error;
    }
    const kept = await files?.schemaOf(id);
    if (kept !== undefined) return kept;
    if (await this.#failsForAnotherId(id, failure)) throw withoutBlame(failure);
    outage.recovered();
    onAccess(undefined);
    const reason = `schema ${id} cannot be read although the registry answers for other ids: ${reasonOf(failure)}`;
    if (this.#patience.mustWait(String(id))) throw new InfrastructureError(reason, { cause: failure });
    throw this.#poison(id, reason);
  }

  /** Remembers that an id has no usable schema, and why: whoever sends messages chooses how often it is asked for. */
  #poison(id: number, reason: string): UnusableMessageError {
    const poison = new UnusableMessageError(reason);
    this.#unusable.set(id, poison);
    return poison;
  }

  async #read(id: number, error: Error): Promise<string> {
    const kept = await this.#options.files?.schemaOf(id);
    if (kept === undefined) throw error;
    return kept;
  }

  async #ask(id: number): Promise<RegistryAnswer> {
    const answer = await this.#options.http.ask({ method: 'GET', path: `/schemas/ids/${id}` });
    const { schema } = answer.body as { readonly schema?: unknown };
    const isUsual =
      answer.errorCode === SCHEMA_NOT_FOUND || (answer.errorCode === undefined && typeof schema === 'string');
    if (!isUsual) throw this.#options.http.odd(`/schemas/ids/${id}`);
    return answer;
  }

  /**
   * Requests an id that no registry has assigned yet or, when access was refused, one that was read before. Records an
   * outage when that fails too.
   */
  async #failsForAnotherId(id: number, failure: Error): Promise<boolean> {
    const { outage, onAccess } = this.#options;
    const isRefused = failure instanceof SchemaRegistryError;
    const other = isRefused && this.#lastFound !== undefined ? this.#lastFound : MAX_SCHEMA_ID;
    try {
      await this.#ask(other === id ? MAX_SCHEMA_ID - 1 : other);
      return false;
    } catch {
      if (isRefused) onAccess(failure);
      else outage.failed(failure as InfrastructureError);
      return true;
    }
  }
}

interface SchemaAnswer {
  readonly schema: string;
  /** Some registries write null for what others leave out. */
  readonly schemaType?: string | null;
  readonly references?: readonly unknown[] | null;
}

/** Registries count from 1 in a signed integer of 32 bits. */
const MAX_SCHEMA_ID = 0x7fffffff;
const SCHEMA_NOT_FOUND = 40_403;
/** How long a failed lookup is cached. */
const UNUSABLE_ID_MS = 10_000;
/** Shorter: a schema may reach a node of the registry after its first event was received (`patientRegistry`). */
const MISSING_ID_MS = 1_000;
const MAX_CACHED_CHARACTERS = 20_000_000;

/** Refused credentials must not dead-letter events. */
function withoutBlame(failure: Error): Error {
  if (!(failure instanceof SchemaRegistryError)) return failure;
  return new InfrastructureError(failure.message, { cause: failure });
}
