import { defineConfig } from 'tsup';

/** One build for every package: each source file becomes one ES module; `tsc` writes the types beside it. */
export default defineConfig({
  entry: ['src/**/*.ts', '!src/**/*.test.ts', '!src/**/*.test-d.ts', '!src/**/*.test-support.ts'],
  format: 'esm',
  target: 'node20',
  bundle: false,
  sourcemap: true,
  clean: true,
  silent: true,
});
