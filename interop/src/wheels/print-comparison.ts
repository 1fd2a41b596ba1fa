import { compareCatalog } from './compare-catalog.js';
import type { ComparedEvents } from './compared-event.js';

/** What is compared, and where the result goes. */
export interface PrintedComparison {
  readonly theirs: ComparedEvents;
  readonly ours: ComparedEvents;
  /** What `theirs` are, for people. */
  readonly against: string;
  write(text: string): void;
}

/**
 * Writes each difference between wheels and the catalogue, and how many there are.
 *
 * @returns the exit code: 0 without a difference, else 1
 */
export function printComparison({ theirs, ours, against, write }: PrintedComparison): number {
  const found = compareCatalog(theirs, ours);
  for (const difference of found) write(`${difference}\n`);
  const counts = `${Object.keys(ours).length} events compared with the ${Object.keys(theirs).length}`;
  write(`${counts} of ${against}: ${found.length} differences\n`);
  return found.length === 0 ? 0 : 1;
}
