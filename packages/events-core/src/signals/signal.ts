import type { EventsMetadata } from '../metadata/events-metadata.js';
import type { DateTime } from '../shapes/date-time.js';
import type { FieldsInput, FieldsOutput, RecordShape, ValueShape } from '../shapes/shape.js';
import type { KeyPath } from './key-path.js';
import type { ReceiverPolicy } from './receiver-policy.js';

/** The data of an event: named values that are all required. Almost always one record under one name. */
export type PayloadFields = Readonly<Record<string, ValueShape>>;

/**
 * A typed event that services send and receive; made by `defineSignal`. Sending runs the receivers in this process and,
 * where there is a route, publishes the event. The reference's class of the same name.
 */
export interface OpenEdxPublicSignal<F extends PayloadFields = PayloadFields> {
  readonly eventType: string;
  readonly minorVersion: number;
  /** The shape of the data as a whole; its fields are the payload keys, in wire order. */
  readonly shape: RecordShape<F>;
  /** What is known of the event besides its shape. */
  readonly about: SignalAbout;

  /**
   * Adds a receiver behind those connected before, or with `mustSucceed` behind those that must succeed; it sees events from
   * the next send on. Named receivers are unique in a signal; a receiver without a name gets one from its function.
   *
   * @throws InvalidSignalError when the name is taken
   * @throws InvalidOptionsError when the policy is wrong
   */
  connect(receiver: Receiver<F>, options?: ConnectOptions): Connection;

  /**
   * Checks and normalises the data, makes metadata and runs the receivers, each awaited: first those connected with
   * `mustSucceed`, then the others, both in the order of connection. Robust (the default): all run, and the results give the
   * outcome of each. Loud: rejects at the first that fails. A disabled signal does nothing and resolves with no results.
   *
   * @throws InvalidDataError when the data does not fit, with the path of every issue
   * @throws InvalidMetadataError when `id` or `time` is refused
   * @throws ReceiverFailedError in loud mode, and when a receiver connected with `mustSucceed` fails
   */
  sendEvent(data: FieldsInput<F>, options?: SendEventOptions): Promise<readonly ReceiverResult[]>;

  /**
   * Sends an event that came from elsewhere with the metadata it has; receivers see `fromEventBus: true`, and routes
   * leave it alone, so that it does not travel in circles. For consumers and replays.
   *
   * @throws InvalidMetadataError when the metadata is of another event type
   * @throws InvalidDataError when the data does not fit
   * @throws ReceiverFailedError as `sendEvent`
   */
  sendEventWithMetadata(
    metadata: EventsMetadata,
    data: FieldsInput<F>,
    options?: SendWithMetadataOptions,
  ): Promise<readonly ReceiverResult[]>;

  /** Makes sends dispatch events again, for this process. */
  enable(): void;
  /** Makes sends do nothing, for this process; for tests. */
  disable(): void;
  readonly enabled: boolean;
  /** The names of the connected receivers, in the order in which they run. */
  readonly receivers: readonly string[];
}

/** The rest of an event's definition, besides its type and shape. */
export interface SignalAbout {
  readonly doc: string | undefined;
  /** The path of the key by which events of one thing keep their order, as a suggestion for routes. */
  readonly eventKeyField: string | undefined;
  /** The services that send it. */
  readonly producedBy: readonly string[];
  /** The version of the reference that brought it. */
  readonly since: string | undefined;
  /** Why not to use it any more. */
  readonly deprecated: string | undefined;
  /** Why it may not leave the process. */
  readonly localOnly: string | undefined;
}

/** A function that is run for every event of a signal. It may be sync; what it returns is in the results. */
export type Receiver<F extends PayloadFields = PayloadFields> = (event: SignalEvent<F>) => unknown;

/** What a receiver gets. */
export interface SignalEvent<F extends PayloadFields = PayloadFields> {
  readonly signal: OpenEdxPublicSignal<F>;
  readonly data: FieldsOutput<F>;
  readonly metadata: EventsMetadata;
  /** True when it came over a bus. */
  readonly fromEventBus: boolean;
  /** How it was delivered, when it came over a bus; null when it was sent in this process. */
  readonly delivery: DeliveryInfo | null;
}

/** How a consumed event was delivered. */
export interface DeliveryInfo {
  readonly topic: string;
  readonly groupId: string;
  /** Where it lies, e.g. `0:17` or `1718-0`; only its bus knows what it means. */
  readonly position: string;
  /** 1 for the first try of this delivery. */
  readonly attempt: number;
  /**
   * Fires when the result is no longer wanted: the receiver's time is up, shutdown is past its deadline, or the partition
   * went elsewhere. It belongs to this call of the receiver: once that has returned, or its promise has settled, the
   * signal fires no more and listeners left on it are freed with it.
   */
  readonly abortSignal: AbortSignal;
}

/** Options of a connected receiver. */
export interface ConnectOptions {
  /**
   * Unique in the signal; shown in results, logs and dead letters. @defaultValue the function's name, with a number when
   * it is taken: a minifier may change it, so give a name where logs and alerts must find it again
   */
  readonly name?: string;
  /** Disconnects the receiver when it fires. */
  readonly abortSignal?: AbortSignal;
  /** How its failures are dealt with when the event came over a bus. @defaultValue that of the event type, or of the consumer */
  readonly policy?: ReceiverPolicy;
  /**
   * Makes its failure that of the sender: `sendEvent` rejects with `ReceiverFailedError`, and no further receiver runs. Such
   * receivers run before all others, so that nothing has happened yet which a sender's rollback cannot undo. When the event
   * came over a bus, its failure is dealt with by the policy, as any other. @defaultValue false
   */
  readonly mustSucceed?: boolean;
}

/** A connected receiver. `using` disconnects it at the end of a scope. */
export interface Connection extends Disposable {
  readonly name: string;
  /** Safe to call twice. */
  disconnect(): void;
}

/** Options of one send. */
export interface SendEventOptions {
  /** The event's id, a UUID: give it where it has to be known or to come twice. @defaultValue a new one */
  readonly id?: string;
  /** When it happened: give the time of the database record. @defaultValue now */
  readonly time?: Date | DateTime | string;
  /** Reject at the first failing receiver. @defaultValue the process's `dispatch` setting */
  readonly loud?: boolean;
  /** The event that led to this one; its ids become `correlationId` and `causationId`. */
  readonly causedBy?: EventsMetadata;
  /** Keep integers beyond 2^53 - 1 that are given as `bigint`; for tools that pass data through. @defaultValue 'refuse' */
  readonly unsafeIntegers?: 'refuse' | 'bigint';
}

/** Options of one send of an event that came from elsewhere. */
export interface SendWithMetadataOptions {
  /** Reject at the first failing receiver. @defaultValue the process's `dispatch` setting */
  readonly loud?: boolean;
  /** Keep integers beyond 2^53 - 1 that are given as `bigint`. @defaultValue 'refuse' */
  readonly unsafeIntegers?: 'refuse' | 'bigint';
}

/** The outcome of one receiver. */
export type ReceiverResult =
  | { readonly receiver: string; readonly status: 'fulfilled'; readonly value: unknown }
  | { readonly receiver: string; readonly status: 'rejected'; readonly reason: unknown }
  | { readonly receiver: string; readonly status: 'pending'; readonly receipt: Promise<unknown> };

/** The payload fields of a signal's type. */
export type FieldsOf<S extends OpenEdxPublicSignal> = S extends OpenEdxPublicSignal<infer F> ? F : never;
/** What may be sent with a signal. */
export type SentData<S extends OpenEdxPublicSignal> = FieldsInput<FieldsOf<S>>;
/** What receivers of a signal get as `data`. */
export type ReceivedData<S extends OpenEdxPublicSignal> = FieldsOutput<FieldsOf<S>>;
/** The paths that can be the key of a signal's events. */
export type KeyPathOf<S extends OpenEdxPublicSignal> = KeyPath<FieldsOf<S>>;
