import { breakingChanges } from './breaking-changes.test-support.js';
import { harmlessChanges } from './harmless-changes.test-support.js';
import type { SeededChange } from './seeded-change.test-support.js';

/** All forty, each with an event type of its own. */
export const seededChanges: readonly (SeededChange & { readonly eventType: `${string}.v1` })[] = [
  ...breakingChanges,
  ...harmlessChanges,
].map((change, index) => ({ ...change, eventType: `com.example.seeded.change${index}.made.v1` as const }));
