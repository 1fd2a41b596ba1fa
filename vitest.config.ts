import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Workspace packages resolve to their sources, so tests never need a build. */
const source = {
  resolve: { conditions: ['@openedx-ts/source'] },
  ssr: {
    resolve: {
      // Without `module`, which is for bundlers: @opentelemetry/api has files there that Node cannot load.
      conditions: ['@openedx-ts/source', 'node', 'development|production'],
      externalConditions: ['@openedx-ts/source', 'node'],
    },
  },
};

/** The longest first, so that no core is idle at the end: a fresh clone has no times of earlier runs. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = LONGEST.findIndex((part) => moduleId.includes(part));
      return place === -1 ? LONGEST.length : place;
    };
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
  }
}

const LONGEST = [
  'reliability/src/kafka',
  'reliability/src/redis',
  'conformance/src/kafka',
  'events-cli/src/kafka',
  'demo/src/main',
  'events-cli/src/redis',
  'soak/run-soak',
  'kafka-python',
  'throughput',
  'kafka-event-bus-producer',
  'crashing-events',
];

/** Test files share a process with those before them, and have modules of their own: it halves the work of unit tests. */
const sharedProcess = {
  isolate: false,
  setupFiles: ['fresh-modules', 'cost-matcher', 'patient-waits'].map(
    (name) => `tooling/workspace/src/vitest/${name}.ts`,
  ),
  expect: { poll: { timeout: 60_000 } }, // of a busy machine
};

const never = ['**/node_modules/**', '**/dist/**', '**/.cache/**'];

export default defineConfig({
  test: {
    allowOnly: false,
    // Warnings that the packages print without a logger are of interest where a test fails.
    silent: 'passed-only',
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        ...source,
        test: {
          name: 'unit',
          include: [
            'packages/*/src/**/*.test.ts',
            'examples/*/src/**/*.test.ts',
            'benchmarks/src/**/*.test.ts',
            'interop/**/*.test.ts',
            'tooling/*/src/**/*.test.ts',
          ],
          exclude: [...never, '**/*.brokers.test.ts', '**/*.package.test.ts'],
          ...sharedProcess,
          testTimeout: 120_000, // of a busy machine
        },
      },
      {
        // Against real servers and other processes (tooling/brokers).
        ...source,
        test: {
          name: 'brokers',
          include: [
            'packages/*/src/**/*.brokers.test.ts',
            'examples/*/src/**/*.brokers.test.ts',
            'interop/**/*.brokers.test.ts',
            'tooling/*/src/**/*.brokers.test.ts',
          ],
          exclude: never,
          ...sharedProcess,
          // Servers want cores too. Vitest asks for a group of its own where the number differs.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
      {
        // What must and must not compile: an unused `@ts-expect-error` fails.
        ...source,
        test: {
          name: 'types',
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            checker: 'tsc',
            tsconfig: './tsconfig.json',
            include: ['packages/*/src/**/*.test-d.ts'],
            exclude: never,
          },
        },
      },
      {
        // What is published, installed as a user installs it. Needs a build.
        test: {
          name: 'packages',
          include: ['tooling/workspace/src/**/*.package.test.ts'],
          exclude: never,
          globalSetup: 'tooling/workspace/src/packed/install-packed.ts',
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
    ],
  },
});
