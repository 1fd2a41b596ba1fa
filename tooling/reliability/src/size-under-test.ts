import type { SizeName } from './scenario.js';

/** The size of a scenario in tests: `test`, or `short` with `TEST_SIZE=short` (`npm run test:full`). */
export function sizeUnderTest<Size>({
  sizes,
}: {
  readonly sizes: Readonly<Record<'test' | SizeName, Size>>;
}): Size {
  const name = process.env.TEST_SIZE ?? 'test';
  if (name !== 'test' && name !== 'short') throw new Error(`TEST_SIZE is "${name}": use test or short`);
  return sizes[name];
}
