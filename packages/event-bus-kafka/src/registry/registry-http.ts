import { InfrastructureError } from '@openedx-ts/events-core';
import { TextCleaner } from '@openedx-ts/events-core/bus';
import { withDeadline } from '../runtime/with-deadline.js';
import { networkReason } from '../security/network-reason.js';
import { type SecureFetch, secureFetch } from '../security/secure-fetch.js';
import { SchemaRegistryError } from './schema-registry-error.js';
import type { ResolvedSchemaRegistryOptions, SchemaRegistryAuth } from './schema-registry-options.js';

/** A response of the registry: a result, or an error of the Confluent API. */
export interface RegistryAnswer {
  readonly status: number;
  readonly body: unknown;
  /** `error_code` of the Confluent API; undefined after success. */
  readonly errorCode: number | undefined;
  /** `message` of the Confluent API; empty after success. */
  readonly errorMessage: string;
}

/** A request to the registry; the body is sent as JSON. */
export interface RegistryRequest {
  readonly method: 'GET' | 'POST';
  /** Appended to the registry's URL. */
  readonly path: string;
  readonly body?: object;
}

/**
 * Sends requests to the registry, with credentials, certificates, a time limit and a size limit. Refuses responses that are
 * not of the Confluent API.
 */
export class RegistryHttp {
  readonly #options: ResolvedSchemaRegistryOptions;
  readonly #url: string;
  readonly #texts: TextCleaner;
  #fetch: Promise<SecureFetch> | undefined;

  constructor(options: ResolvedSchemaRegistryOptions) {
    this.#options = options;
    this.#url = options.url.replace(/\/+$/, '');
    this.#texts = new TextCleaner(secretsOf(options.auth));
  }

  /** The registry's URL, for messages. */
  get url(): string {
    return this.#url;
  }

  /**
   * Resolves with the response of the registry, which may be an error of the Confluent API.
   *
   * @throws SchemaRegistryError when the registry refuses the credentials
   * @throws InfrastructureError when the registry cannot be reached, does not respond in time, or is another server
   */
  ask(request: RegistryRequest): Promise<RegistryAnswer> {
    const { requestTimeoutMs } = this.#options;
    const late = new AbortController();
    return withDeadline(requestTimeoutMs, this.#ask(request, late.signal), () => {
      late.abort();
      throw this.#unavailable(`cannot be reached (no answer within ${requestTimeoutMs} ms)`);
    });
  }

  /** Creates the error for a response that the Confluent API does not have. */
  odd(what: string): InfrastructureError {
    const cure = 'check the URL and its path (EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL)';
    return this.#unavailable(`gives an answer to ${what} that no registry gives: ${cure}`);
  }

  async #ask({ method, path, body }: RegistryRequest, signal: AbortSignal): Promise<RegistryAnswer> {
    const { auth } = this.#options;
    try {
      this.#fetch ??= secureFetch({ ...this.#options, sendsCredentials: auth !== undefined });
      const fetch = await this.#fetch;
      const authorization = await authorizationOf(auth, this.#texts);
      const headers = headersOf(authorization, body !== undefined);
      const init = { method, headers, redirect: 'manual', signal };
      const response = await fetch(
        `${this.#url}${path}`,
        body === undefined ? init : { ...init, body: JSON.stringify(body) },
      );
      const text = await this.#textOf(response);
      return this.#understand(response.status, text);
    } catch (error) {
      if (error instanceof SchemaRegistryError || error instanceof InfrastructureError) throw error;
      const cause = this.#texts.cleanError(error);
      throw this.#unavailable(`cannot be reached (${networkReason(cause)})`, cause);
    }
  }

  async #textOf(response: Response): Promise<string> {
    const { maxResponseBytes } = this.#options;
    const tooLarge = () =>
      this.#unavailable(`answers with more than ${maxResponseBytes} bytes (maxResponseBytes)`);
    if (Number(response.headers.get('content-length')) > maxResponseBytes) {
      await response.body?.cancel();
      throw tooLarge();
    }
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      if (size > maxResponseBytes) throw tooLarge();
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  }

  #understand(status: number, text: string): RegistryAnswer {
    if (status >= 300 && status < 400) {
      throw this.#unavailable(`answers with a redirect (${status}): give the address it leads to as url`);
    }
    if (status === 401 || status === 403) {
      const message = `${this.#name()} refuses us (${status}): check key and secret, or what they may do`;
      throw new SchemaRegistryError('access', undefined, message);
    }
    if (status === 408 || status === 429 || status >= 500) {
      throw this.#unavailable(`is in failure (${status}${this.#wordsOf(text)})`);
    }
    const body = jsonOf(text);
    if (typeof body !== 'object' || body === null) throw this.#stranger(status);
    const { error_code: errorCode, message } = body as { error_code?: unknown; message?: unknown };
    if (status === 200) return { status, body, errorCode: undefined, errorMessage: '' };
    if (typeof errorCode !== 'number' || !knownRefusal(status, errorCode)) throw this.#stranger(status);
    return {
      status,
      body,
      errorCode,
      errorMessage: typeof message === 'string' ? this.#texts.clean(message) : '',
    };
  }

  #stranger(status: number): InfrastructureError {
    const cure = 'check the URL and its path (EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL)';
    return this.#unavailable(`does not answer as a schema registry does (${status}): ${cure}`);
  }

  #unavailable(what: string, cause?: unknown): InfrastructureError {
    return new InfrastructureError(`${this.#name()} ${what}`, { cause });
  }

  #wordsOf(text: string): string {
    const { message } = Object(jsonOf(text)) as { readonly message?: unknown };
    return typeof message === 'string' ? `: ${this.#texts.clean(message)}` : '';
  }

  #name(): string {
    return `the schema registry at ${this.#url}`;
  }
}

function headersOf(authorization: string | undefined, hasBody: boolean): Record<string, string> {
  return {
    accept: 'application/vnd.schemaregistry.v1+json, application/json',
    ...(hasBody ? { 'content-type': 'application/vnd.schemaregistry.v1+json' } : {}),
    ...(authorization === undefined ? {} : { authorization }),
  };
}

async function authorizationOf(
  auth: SchemaRegistryAuth | undefined,
  texts: TextCleaner,
): Promise<string | undefined> {
  if (auth === undefined) return undefined;
  if ('token' in auth) {
    const token = typeof auth.token === 'string' ? auth.token : await auth.token();
    if (typeof token !== 'string' || token === '')
      throw new Error('schemaRegistry.auth.token returned no token');
    texts.addSecret(token);
    return `Bearer ${token}`;
  }
  return `Basic ${Buffer.from(`${auth.username}:${auth.password}`, 'utf8').toString('base64')}`;
}

function secretsOf(auth: SchemaRegistryAuth | undefined): readonly string[] {
  if (auth === undefined || 'token' in auth) return [];
  return [auth.password, `${auth.username}:${auth.password}`];
}

/** Error codes of the Confluent API start with the HTTP status; other servers and other paths have none of them. */
function knownRefusal(status: number, errorCode: number): boolean {
  return errorCode === status ? status !== 404 : Math.floor(errorCode / 100) === status;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
