import {
  type Context,
  context,
  INVALID_SPANID,
  isSpanContextValid,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { metricAttributes as attribute } from '../metrics/metric-attributes.js';
import { isThenable } from '../runtime/is-thenable.js';
import { runtime } from '../runtime/runtime.js';
import type {
  ConsumedEventFacts,
  ReceiverFacts,
  SentEventFacts,
  SentEventObserver,
} from '../runtime/telemetry.js';
import type { TraceContext } from '../runtime/trace-context.js';
import { failureCode } from '../wire/dead-letter.js';
import { spanContextOf } from './span-context-of.js';
import { traceContextOf } from './trace-context-of.js';

/** How a span of a consumer refers to the span that sent its event. */
export interface SpanCorrelation {
  readonly correlation: 'parent' | 'link';
  readonly parentMaxAgeMs: number;
}

/** The spans of events: of a send, of processing a delivery, and of one receiver. */
export class EventSpans {
  readonly #tracer: Tracer;
  readonly #correlation: SpanCorrelation;

  constructor(tracer: Tracer, correlation: SpanCorrelation) {
    this.#tracer = tracer;
    this.#correlation = correlation;
  }

  /** The context of the span in which an event is sent. */
  traceContext(): TraceContext | undefined {
    const active = trace.getActiveSpan()?.spanContext();
    return active !== undefined && isSpanContextValid(active) ? traceContextOf(active) : undefined;
  }

  /** Starts the span of a send; its context travels with the event. Nothing travels where no SDK makes spans. */
  send(event: SentEventFacts): SentEventObserver | undefined {
    const { system, eventType, eventId, topic } = event;
    const attributes = {
      [attribute.operation]: 'send',
      [attribute.operationType]: 'send',
      [attribute.system]: system,
      [attribute.topic]: topic,
      [attribute.eventType]: eventType,
      'messaging.message.id': eventId,
    };
    const options = { kind: SpanKind.PRODUCER, attributes };
    const span = this.#tracer.startSpan(`send ${topic}`, options, senderOf(event.trace));
    const own = span.spanContext();
    if (own.spanId === INVALID_SPANID) return undefined;
    return {
      trace: traceContextOf(own),
      accepted: (position) => {
        span.setAttribute(POSITION, position);
        span.end();
      },
      failed: (error) => endFailed(span, error),
    };
  }

  /** Runs receivers in the span of processing their event. */
  process<T>(event: ConsumedEventFacts, run: () => T | Promise<T>): T | Promise<T> {
    const { system, eventType, eventId, topic, groupId, position, attempt } = event;
    const sender = event.trace === null ? undefined : spanContextOf(event.trace);
    const attributes = {
      [attribute.operation]: 'process',
      [attribute.operationType]: 'process',
      [attribute.system]: system,
      [attribute.topic]: topic,
      [attribute.group]: groupId,
      [attribute.eventType]: eventType,
      'messaging.message.id': eventId,
      [POSITION]: position,
      'openedx.events.attempt': attempt,
    };
    const links = sender === undefined ? [] : [{ context: sender }];
    const parent = sender !== undefined && this.#isParent(event) ? sender : undefined;
    const span = this.#tracer.startSpan(
      `process ${topic}`,
      { kind: SpanKind.CONSUMER, attributes, links, root: parent === undefined },
      parent === undefined ? context.active() : trace.setSpanContext(context.active(), parent),
    );
    return during(span, run);
  }

  /** Runs one receiver in a span, within that of its event; in none where that is not recorded. */
  runReceiver<T>({ receiver, eventType }: ReceiverFacts, run: () => T | Promise<T>): T | Promise<T> {
    if (trace.getActiveSpan()?.isRecording() !== true) return run();
    const attributes = { [attribute.receiver]: receiver, [attribute.eventType]: eventType };
    return during(this.#tracer.startSpan(`receiver ${receiver}`, { attributes }), run);
  }

  /** A trace that ended long ago has no further spans: what is delivered again, redriven or replayed is linked. */
  #isParent({ deliveryCount, isRedriven, sentAt }: ConsumedEventFacts): boolean {
    const { correlation, parentMaxAgeMs } = this.#correlation;
    if (correlation === 'link' || deliveryCount > 1 || isRedriven || sentAt === null) return false;
    return runtime().clock.now() - sentAt.toDate().getTime() <= parentMaxAgeMs;
  }
}

const POSITION = 'openedx.events.position';

/** The context in which an event was sent: that of the span that is active, or one that travelled, e.g. through an outbox. */
function senderOf(sent: TraceContext | null): Context {
  const active = context.active();
  const sender = sent === null ? undefined : spanContextOf(sent);
  if (sender === undefined || isSame(sender, trace.getSpanContext(active))) return active;
  return trace.setSpanContext(active, sender);
}

function isSame(one: SpanContext, other: SpanContext | undefined): boolean {
  return one.spanId === other?.spanId && one.traceId === other.traceId;
}

/** Runs something in a span, which ends with it. */
function during<T>(span: Span, run: () => T | Promise<T>): T | Promise<T> {
  try {
    const result = context.with(trace.setSpan(context.active(), span), run);
    if (!isThenable(result)) {
      end(span, result);
      return result;
    }
    Promise.resolve(result).then(
      (value) => end(span, value),
      (error: unknown) => endFailed(span, error),
    );
    return result;
  } catch (error) {
    endFailed(span, error);
    throw error;
  }
}

/** Ends a span with what its code returned: receivers that failed are among the results of an event. */
function end(span: Span, value: unknown): void {
  const failure = Array.isArray(value) ? value.find(isRejected) : undefined;
  if (failure === undefined) span.end();
  else endFailed(span, failure.reason);
}

function isRejected(result: unknown): result is { readonly reason: unknown } {
  return (result as { status?: unknown } | null)?.status === 'rejected';
}

/** The text of an error may hold data of the event: only its code is recorded. */
function endFailed(span: Span, error: unknown): void {
  span.setAttribute(attribute.error, failureCode(error));
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}
