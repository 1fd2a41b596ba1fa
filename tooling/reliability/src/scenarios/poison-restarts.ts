import type { BusProcess } from '../processes/bus-process.js';
import { isHard, type ReceiverFault } from '../processes/receiver-task.js';
import type { Rig } from '../rig.js';
import type { Scenario, ScenarioSize } from '../scenario.js';
import { moments } from './moments.js';

/** Events fail and are retried while the group changes: nothing dies, so nothing may be handled or dead-lettered twice. */
export const poisonRestarts: Scenario = {
  fault: 'F4',
  name: 'poison-restarts',
  title:
    'receivers that throw at one event in a hundred, at every attempt, with a concurrency of 50, while members join, leave (SIGTERM) and are replaced',
  buses: ['redis', 'kafka', 'memory'],
  handlesOnce: true,
  sizes: {
    test: { events: 6_000, faults: 3 },
    short: { events: 20_000, faults: 9 },
    full: { events: 200_000, faults: 60 },
  },
  run: restartUnderPoison,
};

async function restartUnderPoison(rig: Rig, size: ScenarioSize): Promise<void> {
  const fault: ReceiverFault = { every: 100, is: 'throws' };
  rig.shouldDie = ({ sequence }) => isHard(sequence, fault);
  const options = {
    // Long enough that members claim only events that another member has released.
    ...rig.broker.consumerOptions({ takeOverMs: 10_000 }),
    maxAttempts: 3,
    initialBackoffMs: 20,
    concurrency: 50,
  };
  const members = [1, 2, 3].map(() => rig.startConsumer(options, { fault }));
  rig.startProducers(2, size);
  for (const [index, count] of moments(size, rig.random).entries()) {
    await rig.until(() => rig.ledger.handled >= count);
    const oldest = members.shift() as BusProcess;
    // A member joins before the oldest leaves, joins after it has left, or leaves at the same moment, in turn.
    if (index % 3 === 0) members.push(rig.startConsumer(options, { fault }));
    const left = rig.terminate(oldest);
    if (index % 3 !== 2) await left;
    if (index % 3 !== 0) members.push(rig.startConsumer(options, { fault }));
    await left;
  }
  await rig.settle();
}
