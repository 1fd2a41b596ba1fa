import type { SpanContext } from '@opentelemetry/api';
import type { TraceContext } from '../runtime/trace-context.js';

/** A span's context as it travels: the header values of W3C Trace Context, version 00. */
export function traceContextOf({ traceId, spanId, traceFlags, traceState }: SpanContext): TraceContext {
  const traceparent = `00-${traceId}-${spanId}-${flagTexts[traceFlags & 0xff]}`;
  const tracestate = traceState?.serialize();
  return tracestate === undefined || tracestate === '' ? { traceparent } : { traceparent, tracestate };
}

const flagTexts: readonly string[] = Array.from({ length: 256 }, (_, flags) =>
  flags.toString(16).padStart(2, '0'),
);
