import type { SpanContext } from '@opentelemetry/api';
import type { TraceContext } from '../runtime/trace-context.js';

/** A span's context as it travels: the header values of W3C Trace Context, version 00. */
export function traceContextOf({ traceId, spanId, traceFlags, traceState }: SpanContext): TraceContext {
  const flags = (traceFlags & 0xff).toString(16).padStart(2, '0');
  const traceparent = `00-${traceId}-${spanId}-${flags}`;
  const tracestate = traceState?.serialize();
  return tracestate === undefined || tracestate === '' ? { traceparent } : { traceparent, tracestate };
}
