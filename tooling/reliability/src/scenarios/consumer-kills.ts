import type { BusProcess } from '../processes/bus-process.js';
import type { ReceiverTask } from '../processes/receiver-task.js';
import type { Rig } from '../rig.js';
import type { Scenario, ScenarioSize } from '../scenario.js';
import { moments } from './moments.js';

/** A member of a group is killed in the middle of its work, again and again; a new one takes its place each time. */
export const consumerKills: Scenario = {
  fault: 'F2',
  name: 'consumer-kills',
  title: 'SIGKILL of one of two members of a group while it handles events, and a new member',
  buses: ['redis', 'kafka', 'memory'],
  sizes: {
    test: { events: 6_000, faults: 3 },
    short: { events: 50_000, faults: 20 },
    full: { events: 200_000, faults: 50 },
  },
  run: killConsumers,
};

/** Does it to members whose receivers have something to do. */
export async function killConsumers(rig: Rig, size: ScenarioSize, task?: ReceiverTask): Promise<void> {
  const options = rig.broker.consumerOptions({ takeOverMs: 1_000 });
  const start = () => rig.startConsumer(options, task);
  const members = [start(), start()];
  rig.startProducers(2, size);
  const isBusy = ({ life }: BusProcess) => rig.ledger.enteredBy(life) > 0;
  for (const count of moments(size, rig.random)) {
    await rig.until(() => rig.ledger.handled >= count && members.some(isBusy));
    const busy = members.filter(isBusy);
    const victim = busy[rig.random.below(busy.length)] as BusProcess;
    await rig.kill(victim);
    members[members.indexOf(victim)] = start();
  }
  await rig.settle();
}
