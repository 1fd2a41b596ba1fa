import { custom } from './custom.js';
import { DateTime } from './date-time.js';
import { readDateTime } from './read-date-time.js';
import type { CustomShape, ShapeAnnotations } from './shape.js';

/**
 * A date-time. Send a `Date`, an ISO-8601 text or a `DateTime`; receivers get a `DateTime`, which keeps microseconds
 * and offset (see docs/decisions/0003-date-time-values.md). It travels as the text Python's `isoformat()` writes.
 */
export const datetime = (annotations?: ShapeAnnotations): CustomShape<Date | DateTime | string, DateTime> =>
  custom<Date | DateTime | string, DateTime, 'string'>(
    {
      name: 'datetime',
      wire: 'string',
      normalize: DateTime.from,
      toWire: (value) => value.iso,
      fromWire: readDateTime,
      sample: (random) => new Date(1_600_000_000_000 + Math.floor(random() * 200_000_000_000)),
    },
    annotations,
  );
