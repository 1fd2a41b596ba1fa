import type { OpenEdxPublicSignal } from '../signals/signal.js';

/** Turns the data of events into bytes and back; `@openedx-ts/events-avro` has the one for Avro. */
export interface EventCodec {
  /**
   * Prepares everything that can be known before the first event: schema, writer, reader. Called once a signal and
   * kept. May be async; what it returns is not.
   *
   * @throws InvalidSignalError when the signal has no schema
   */
  bind(signal: OpenEdxPublicSignal): BoundCodec | Promise<BoundCodec>;
}

/** The codec of one signal. All methods are sync. */
export interface BoundCodec {
  /** Our own schema: what is written, and the reader's side of resolution. */
  readonly schema: WriterSchema;
  /**
   * Writes checked data.
   *
   * @throws EncodingFailedError
   */
  encode(data: object): Uint8Array;
  /**
   * Reads data that was written with `writer`, or with our own schema where `writer` is null (a bare event of a Python
   * service). The result is what receivers get: checked and normalised.
   *
   * @throws DecodingFailedError when the bytes do not fit the schema
   * @throws IncompatibleSchemaError when our schema cannot read the writer's
   */
  decode(record: Uint8Array, writer: WriterSchema | null): object;
  /**
   * Prepares the key at a path of the data.
   *
   * @throws ProducerConfigurationError when the path does not exist or cannot be a key
   */
  key(eventKeyField: string): KeyCodec;
}

/** Writes the keys of events of one signal and path. */
export interface KeyCodec {
  /** The text of the key's schema, byte for byte as the Python services register it. */
  readonly schema: WriterSchema;
  /** The key of checked data. */
  encode(data: object): EncodedKey;
}

/** A schema as it travels. */
export interface WriterSchema {
  /** JSON with sorted keys and the separators `", "` and `": "`, as Python's `json.dumps(sort_keys=True)` writes it. */
  readonly text: string;
  /** Lower-case hex SHA-256 of the text. */
  readonly fingerprint: string;
}

/** The key of one event. */
export interface EncodedKey {
  /** The key as text, for buses whose keys are text and for tools. */
  readonly text: string;
  /** The key in Avro's binary form, without a frame. */
  readonly bytes: Uint8Array;
  readonly schema: WriterSchema;
}
