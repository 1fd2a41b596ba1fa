import type { BusProcess } from '../processes/bus-process.js';
import type { Scenario } from '../scenario.js';
import { moments } from './moments.js';

/** The members of a group are restarted one after the other, as a deployment does it. */
export const rollingRestart = rollingRestartOf({
  name: 'rolling-restart',
  title: 'SIGTERM of each of four members in turn under load, and a new member for each',
  buses: ['redis', 'kafka', 'memory'],
  inOrder: false,
});

/** The same where members keep order only when asked to: one of them is at work, and hands over. */
export const orderedRollingRestart = rollingRestartOf({
  name: 'ordered-rolling-restart',
  title:
    'SIGTERM of each of four members that keep order (`singleActive`) in turn under load, and a new member for each',
  buses: ['redis'],
  inOrder: true,
});

function rollingRestartOf({
  inOrder,
  ...facts
}: Pick<Scenario, 'name' | 'title' | 'buses'> & { readonly inOrder: boolean }): Scenario {
  return {
    fault: 'F25',
    ...facts,
    inOrder,
    takesUpOnce: true,
    sizes: {
      test: { events: 6_000, faults: 4 },
      short: { events: 30_000, faults: 4 },
      full: { events: 200_000, faults: 40 },
    },
    run: async (rig, size) => {
      // Long enough that members claim only events that another member has released.
      const options = rig.broker.consumerOptions({ takeOverMs: 10_000, inOrder });
      const members = [1, 2, 3, 4].map(() => rig.startConsumer(options));
      rig.startProducers(2, size);
      const isBusy = ({ life }: BusProcess) => rig.ledger.enteredBy(life) > 0;
      for (const [index, count] of moments(size, rig.random).entries()) {
        const place = index % members.length;
        const member = members[place] as BusProcess;
        // Of members that keep order, one is at work; a restart takes whoever's turn it is. Of a member that is slow to join,
        // the others may leave nothing.
        const isItsTurn = () => inOrder || isBusy(member) || rig.ledger.handled >= size.events;
        await rig.until(() => rig.ledger.handled >= count && isItsTurn());
        await rig.terminate(member);
        members[place] = rig.startConsumer(options);
      }
      await rig.settle();
    },
  };
}
