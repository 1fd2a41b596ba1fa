import { AssertionError } from 'node:assert';

/** The whole numbers from the first to the last. */
export function range(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** Each of the expected came, and nothing else; how often and in which order does not matter. */
export function assertNoneLost(received: readonly number[], expected: readonly number[]): void {
  const lost = expected.filter((number) => !received.includes(number));
  const invented = received.filter((number) => !expected.includes(number));
  if (lost.length === 0 && invented.length === 0) return;
  fail(`lost: ${list(lost)}; invented: ${list(invented)}`, received, expected);
}

/** Each of the expected came exactly once, and nothing else; the order does not matter. */
export function assertEachOnce(received: readonly number[], expected: readonly number[]): void {
  assertNoneLost(received, expected);
  const twice = received.filter((number, index) => received.indexOf(number) !== index);
  if (twice.length > 0) fail(`came more than once: ${list(twice)}`, received, expected);
}

/** Exactly the expected came, in this order. */
export function assertInOrder(received: readonly number[], expected: readonly number[]): void {
  assertEachOnce(received, expected);
  const at = received.findIndex((number, index) => number !== expected[index]);
  if (at !== -1) fail(`out of order: ${received[at]} came where ${expected[at]} was due`, received, expected);
}

/** An event that is one of a sequence, under a key. */
export interface NumberedItem {
  readonly key: string;
  readonly number: number;
}

/** Each of the expected came exactly once, and those of each key in the order of their numbers. */
export function assertOrderOfKeys(items: readonly NumberedItem[], expected: readonly number[]): void {
  assertEachOnce(
    items.map(({ number }) => number),
    expected,
  );
  for (const key of new Set(items.map((item) => item.key))) {
    const numbers = items.filter((item) => item.key === key).map(({ number }) => number);
    assertInOrder(
      numbers,
      [...numbers].sort((a, b) => a - b),
    );
  }
}

function list(numbers: readonly number[]): string {
  const shown = numbers.slice(0, 10).join(', ');
  if (numbers.length === 0) return 'none';
  return numbers.length > 10 ? `${shown} and ${numbers.length - 10} more` : shown;
}

function fail(message: string, actual: unknown, expected: unknown): never {
  throw new AssertionError({ message, actual, expected });
}
