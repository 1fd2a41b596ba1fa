import type { BoundedCacheLimits, WriterSchema } from '@openedx-ts/events-core/bus';

/** Limits of the writers' schemas that a wire format keeps: schemas, and characters of all their texts. */
export const schemaCacheLimits: BoundedCacheLimits<WriterSchema> = {
  maxEntries: 1_000,
  maxCost: 20_000_000,
  costOf: ({ text }) => text.length,
};
