/** How a registry inside the test's own process behaves. */
export interface FakeSchemaRegistryOptions {
  /**
   * `canonical` (default): one id for a schema however it is written and in whatever subject, as Confluent's registry has
   * it, so that `"string"` and `{"name": "username", "type": "string"}` share one. `text`: one for each text, as Apicurio.
   */
  readonly ids?: 'canonical' | 'text';
  /** Default 1. */
  readonly firstId?: number;
  /** The answer of `GET /config`; default `BACKWARD`. Nothing is compared: see `makeIncompatible`. */
  readonly compatibility?: string;
  /** Login without which everything is answered 401. */
  readonly basicAuth?: { readonly username: string; readonly password: string };
  /** Token without which everything is answered 401. */
  readonly bearerToken?: string;
  /** HTTPS with this key and certificate (PEM); with `clientCa` a client must show a certificate of that authority. */
  readonly tls?: { readonly key: string; readonly cert: string; readonly clientCa?: string };
}

/** A request that came. */
export interface SeenRequest {
  readonly method: string;
  /** With the query, as it came: `/subjects/a-value/versions?normalize=false`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** What goes wrong with a request. It replaces the answer, except for a mere delay. */
export interface RegistryFault {
  /** Only requests whose method and path (`POST /subjects/…`) match; default all. */
  readonly on?: RegExp;
  /** How many requests; default all until `heal`. */
  readonly times?: number;
  /** The answer comes so much later. */
  readonly delayMs?: number;
  /** The connection stays open and no answer comes. */
  readonly hang?: boolean;
  /** The connection breaks instead of an answer. */
  readonly reset?: boolean;
  /** Answers with this status and an error body, or `body`. Nothing is registered. */
  readonly status?: number;
  /** Answers with this text, whatever it is; status 200 if none is given. */
  readonly body?: string;
  /** Further headers of the answer: `retry-after`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A schema registry with the API and the manners of Confluent's, inside this process, that fails on demand. */
export interface FakeSchemaRegistry extends AsyncDisposable {
  /** Without a slash at the end, without login. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** Every request since the last `forgetRequests`, oldest first. */
  readonly requests: readonly SeenRequest[];
  /** How many requests came whose method and path match. */
  count(on: RegExp): number;
  forgetRequests(): void;
  /** Id of a schema in a subject, registered if need be, without a request. */
  register(subject: string, schema: string): number;
  /** From now on a new schema for this subject is refused with 409. */
  makeIncompatible(subject: string): void;
  /** Adds a fault; of several that fit, the oldest acts. */
  fail(fault: RegistryFault): void;
  /** Ends all faults; what hangs is answered no more. */
  heal(): void;
  /** Listens again on the same port, with all schemas. */
  start(): Promise<void>;
  /** Stops listening and breaks every connection: clients see ECONNREFUSED. */
  stop(): Promise<void>;
}
