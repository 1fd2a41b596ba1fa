import { isHard, type ReceiverFault } from '../processes/receiver-task.js';
import type { Rig } from '../rig.js';
import type { Scenario, ScenarioSize } from '../scenario.js';

/** Receivers throw at one event in a hundred, each time: it becomes a dead letter, and the others are handled. */
export const poison: Scenario = {
  fault: 'F4',
  name: 'poison',
  title: 'receivers that throw at one event in a hundred, at every attempt, in two members of a group',
  buses: ['redis', 'kafka', 'memory'],
  sizes: {
    test: { events: 2_000, faults: 20 },
    short: { events: 10_000, faults: 100 },
    full: { events: 200_000, faults: 2_000 },
  },
  run: (rig, size) => failAt(rig, size, 'throws', { maxAttempts: 3, initialBackoffMs: 20, concurrency: 16 }),
};

/** Two adjacent events end the process that handles them, each time, as events that need all memory do. */
export const crashPoison: Scenario = {
  fault: 'F4',
  name: 'crash-poison',
  title:
    'pairs of adjacent events that end (SIGKILL) the process that handles them, each time, and a new member each time; `maxDeliveries` 10 as by default, 3 in a short run',
  buses: ['redis', 'kafka'],
  sizes: {
    test: { events: 2_000, faults: 4, maxDeliveries: 3 },
    short: { events: 4_000, faults: 4, maxDeliveries: 3 },
    full: { events: 50_000, faults: 4 },
  },
  run: (rig, size) => failAt(rig, size, 'kills', { maxDeliveries: size.maxDeliveries ?? 10 }, 2),
};

/** A receiver never comes back from some events, and does not listen to its signal. */
export const hungHandler: Scenario = {
  fault: 'F6',
  name: 'hung-handler',
  title:
    'receivers that never come to an end with some events and ignore their signal; `receiverTimeoutMs` 500, `maxAttempts` 2',
  buses: ['redis', 'kafka', 'memory'],
  sizes: {
    test: { events: 2_000, faults: 2 },
    short: { events: 4_000, faults: 2 },
    full: { events: 50_000, faults: 20 },
  },
  run: (rig, size) =>
    failAt(rig, size, 'hangs', { receiverTimeoutMs: 500, maxAttempts: 2, initialBackoffMs: 20 }),
};

async function failAt(
  rig: Rig,
  { events, faults }: ScenarioSize,
  is: ReceiverFault['is'],
  policy: Readonly<Record<string, unknown>>,
  inARow = 1,
): Promise<void> {
  const fault: ReceiverFault = { every: (events / faults) * inARow, inARow, is };
  rig.shouldDie = ({ sequence }) => isHard(sequence, fault);
  const options = { ...rig.broker.consumerOptions({ takeOverMs: 1_500 }), ...policy };
  rig.startConsumer(options, { fault });
  rig.startConsumer(options, { fault });
  rig.startProducers(2, { events });
  await rig.settle();
}
