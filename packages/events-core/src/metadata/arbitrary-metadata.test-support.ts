import fc from 'fast-check';
import { DateTime } from '../shapes/date-time.js';
import { createMetadata } from './create-metadata.js';
import type { EventsMetadata } from './events-metadata.js';

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
const optionalText = fc.option(text);

/** Any metadata that can be made. */
export const anyMetadata: fc.Arbitrary<EventsMetadata> = fc
  .record({
    eventType: text,
    id: fc.uuid(),
    minorVersion: fc.maxSafeInteger(),
    source: text,
    sourceHost: text,
    time: fc
      .bigInt({ min: -62_135_596_800_000_000n, max: 253_402_300_799_999_999n })
      .map(DateTime.fromEpochMicroseconds),
    sourceLib: fc.array(fc.oneof(fc.nat(30), fc.maxSafeNat()), { minLength: 1, maxLength: 5 }),
    correlationId: optionalText,
    causationId: optionalText,
    trace: fc.option(
      fc.oneof(fc.record({ traceparent: text }), fc.record({ traceparent: text, tracestate: text })),
    ),
  })
  .map(createMetadata);
