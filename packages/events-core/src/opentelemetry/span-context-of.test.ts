import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spanContextOf } from './span-context-of.js';
import { traceContextOf } from './trace-context-of.js';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

describe('W3C trace context', () => {
  it('is read as it was written, with its flags and its state', () => {
    const sent = { traceparent: `00-${traceId}-${spanId}-01`, tracestate: 'vendor=a,other=b' };
    const context = spanContextOf(sent);
    expect(context).toMatchObject({ traceId, spanId, traceFlags: 1, isRemote: true });
    expect(context && traceContextOf(context)).toEqual(sent);
  });

  it('of a later version is read as far as it is known', () => {
    expect(spanContextOf({ traceparent: `cc-${traceId}-${spanId}-01-more` })).toMatchObject({ traceId });
  });

  it.each([
    `00-${traceId}-${spanId}-01-more`,
    `ff-${traceId}-${spanId}-01`,
    `00-${'0'.repeat(32)}-${spanId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
    `00-${traceId}-${spanId}`,
    '',
  ])('is none where a peer has written something else: %s', (traceparent) => {
    expect(spanContextOf({ traceparent })).toBeUndefined();
  });

  it('never throws, whatever a peer has written', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (traceparent, tracestate) => {
        spanContextOf({ traceparent, tracestate });
        spanContextOf({ traceparent: `00-${traceId}-${spanId}-01`, tracestate });
      }),
    );
  });
});
