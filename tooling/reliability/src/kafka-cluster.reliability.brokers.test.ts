import { kafkaClusterOrReason } from '@openedx-ts/brokers';
import { describe, expect, it } from 'vitest';
import { kafkaClusterUnderTest } from './buses/kafka-cluster-under-test.js';
import { figuresOf } from './run-result.js';
import { runScenario } from './run-scenario.js';
import { leaderMoves, reassignments } from './scenarios/leader-moves.js';
import { leaderlessPartition } from './scenarios/leaderless-partition.js';
import { nodeKills } from './scenarios/node-kills.js';
import { sizeUnderTest } from './size-under-test.js';

const kafka = await kafkaClusterOrReason();
const seed = 20_260_101;
/** `npm test` moves leaders; `cluster.brokers.test.ts` kills a node, too. */
const scenarios =
  process.env.TEST_SIZE === 'short'
    ? [nodeKills, leaderMoves, reassignments, leaderlessPartition]
    : [leaderMoves];

describe.skipIf(kafka.reason !== undefined)(
  kafka.titled('the Kafka bus on three nodes'),
  { timeout: 300_000 },
  () => {
    it.each(scenarios)(
      'stores what was accepted once, in order, and delivers it: $name',
      async (scenario) => {
        const size = sizeUnderTest(scenario);
        const result = await runScenario(scenario, { bus: kafkaClusterUnderTest, seed, size });
        process.stdout.write(`${figuresOf(result)}\n`);
        expect(result).toMatchObject({
          ...{ faults: size.faults, accepted: size.events, handled: size.events },
          ...{ copies: 0, misplaced: 0, broken: [] },
        });
      },
    );
  },
);
