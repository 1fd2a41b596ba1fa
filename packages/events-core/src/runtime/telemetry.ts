import type { DateTime } from '../shapes/date-time.js';
import type { TelemetryFact } from './telemetry-fact.js';
import type { TraceContext } from './trace-context.js';

/**
 * Receives what happens in these packages, for metrics, traces and audit lines. All methods are called on the way of
 * an event: be quick and do not throw. Facts are bounded: no payloads, keys or secrets.
 */
export interface Telemetry {
  /** Something happened. */
  record(fact: TelemetryFact): void;
  /** The trace context to send along with a new event; undefined for none. */
  traceContext(): TraceContext | undefined;
  /**
   * Runs the receivers of a consumed event, e.g. inside a span that links to the event's trace context. They have ended
   * when `run` returns, or when the promise that it returns has settled.
   */
  process<T>(event: ConsumedEventFacts, run: () => T | Promise<T>): T | Promise<T>;
  /**
   * Runs one receiver of a consumed event, within `process`. Its promise, if it returns one, settles when it has ended.
   *
   * @defaultValue the receiver runs by itself
   */
  runReceiver?<T>(receiver: ReceiverFacts, run: () => T | Promise<T>): T | Promise<T>;
  /**
   * An event goes to the producer of a bus, once for each topic, e.g. so that a span can start.
   *
   * @returns what learns the result, and the trace context to write into the headers instead of the one of the metadata
   * @defaultValue the headers have the context of the metadata
   */
  send?(event: SentEventFacts): SentEventObserver | undefined;
}

/** What is known of an event when it goes to the producer of a bus. */
export interface SentEventFacts {
  readonly system: string;
  readonly eventType: string;
  readonly eventId: string;
  /** With prefix. */
  readonly topic: string;
  /** The context in which the event was sent. */
  readonly trace: TraceContext | null;
}

/** Learns what became of one event that was sent. One of the two methods is called, once. */
export interface SentEventObserver {
  /** Written into the headers of the message. */
  readonly trace: TraceContext;
  /** The broker has accepted the event at this position. */
  accepted(position: string): void;
  /** The event was not published, or nobody knows whether it was. */
  failed(error: unknown): void;
}

/** One receiver that is about to run for a consumed event. */
export interface ReceiverFacts {
  readonly receiver: string;
  readonly eventType: string;
}

/** What is known of a consumed event when its receivers run. */
export interface ConsumedEventFacts {
  readonly system: string;
  readonly eventType: string;
  readonly eventId: string;
  readonly topic: string;
  readonly groupId: string;
  readonly position: string;
  readonly attempt: number;
  /** How often the event was delivered to this group, as far as the bus counts it; 1 for the first time. */
  readonly deliveryCount: number;
  /** Whether it was a dead letter that an operator sent again. */
  readonly isRedriven: boolean;
  /** When the event was sent, when its message carries the time. */
  readonly sentAt: DateTime | null;
  readonly trace: TraceContext | null;
}

/** Telemetry that records nothing; the default of every package. */
export const noTelemetry: Telemetry = {
  record: () => {},
  traceContext: () => undefined,
  process: (_event, run) => run(),
};
