import type { BusProcess } from '../processes/bus-process.js';
import type { Rig } from '../rig.js';
import type { Scenario } from '../scenario.js';
import { moments } from './moments.js';

/**
 * The active member of a group that keeps order is killed, or frozen until another has claimed its events
 * and thawed when it is no longer its turn, or stopped in the ordinary way.
 */
export const orderedTakeOvers: Scenario = {
  fault: 'F3',
  name: 'ordered-take-overs',
  title:
    'SIGKILL, SIGSTOP beyond its lease, and SIGTERM in turn for the member at work of three that keep order',
  inOrder: true,
  buses: ['redis', 'kafka'],
  sizes: {
    test: { events: 6_000, faults: 3 },
    short: { events: 20_000, faults: 6 },
    full: { events: 200_000, faults: 50 },
  },
  run: async (rig, size) => {
    const options = rig.broker.consumerOptions({ takeOverMs: 1_500, inOrder: true });
    const members = [1, 2, 3].map(() => rig.startConsumer(options));
    rig.startProducers(2, size);
    for (const [index, count] of moments(size, rig.random).entries()) {
      await rig.until(() => rig.ledger.handled >= count);
      const victim = await memberAtWork(rig, members, size.events);
      if (index % 3 === 1) {
        await freezeUntilTakenOver(rig, victim, size.events);
        continue;
      }
      if (index % 3 === 0) await rig.kill(victim);
      else await rig.terminate(victim);
      members[members.indexOf(victim)] = rig.startConsumer(options);
    }
    await rig.settle();
  },
};

/** The one that takes up the next events; any, where a busy machine has let the rig come when there are none left. */
async function memberAtWork(rig: Rig, members: readonly BusProcess[], events: number): Promise<BusProcess> {
  const before = members.map(({ life }) => rig.ledger.enteredBy(life));
  const isAtWork = ({ life }: BusProcess, index: number) =>
    rig.ledger.enteredBy(life) > (before[index] as number);
  await rig.until(() => members.some(isAtWork) || rig.ledger.handled >= events);
  return members.find(isAtWork) ?? (members[0] as BusProcess);
}

async function freezeUntilTakenOver(rig: Rig, victim: BusProcess, events: number): Promise<void> {
  rig.freeze(victim);
  const { ledger } = rig;
  await rig.until(() => true); // reads the rest of its journal
  const key = ledger.lastKeyBy(victim.life) ?? '';
  await rig.until(() => ledger.lastEnteredBy(key) !== victim.life || ledger.handled >= events);
  victim.unfreeze();
}
