import { defineConfig } from 'vitest/config';

/** Workspace packages resolve to their sources, so tests never need a build. */
const source = {
  resolve: { conditions: ['@openedx-ts/source'] },
  ssr: {
    resolve: {
      conditions: ['@openedx-ts/source', 'module', 'node', 'development|production'],
      externalConditions: ['@openedx-ts/source', 'node'],
    },
  },
};

export default defineConfig({
  test: {
    projects: [
      {
        ...source,
        test: {
          name: 'unit',
          include: [
            'packages/*/src/**/*.test.ts',
            'examples/*/src/**/*.test.ts',
            'interop/**/*.test.ts',
            'tooling/*/src/**/*.test.ts',
          ],
          exclude: ['**/node_modules/**', '**/dist/**', '**/*.brokers.test.ts', '**/*.package.test.ts'],
        },
      },
    ],
  },
});
