import { setTimeout as sleep } from 'node:timers/promises';
import { MemoryBroker, memoryEventBus } from '@openedx-ts/event-bus-memory';
import { InProcess } from '../processes/in-process.js';
import type { BrokerStock, BusUnderTest } from './bus-under-test.js';

/** The memory bus, all in the process of the rig: its members are killed by being cut off, its broker is unreachable for a moment. */
export const memoryUnderTest: BusUnderTest = {
  name: 'memory',
  isAlwaysInOrder: true,
  start: async () => {
    const broker = new MemoryBroker({ retainedMessages: Number.POSITIVE_INFINITY });
    const plugin = memoryEventBus(broker);
    const unable = async () => {
      throw new TypeError('the memory bus cannot do that');
    };
    return {
      plugin,
      env: {},
      clientsWaitMs: 0,
      consumerOptions: () => ({ ackEvery: Math.floor(mayComeAgain / partitions) }),
      startProcess: (command) => new InProcess(plugin, command),
      kill: async () => broker.stop(),
      start: async () => {
        await sleep(awayMs);
        broker.start();
      },
      freeze: unable,
      unfreeze: unable,
      flush: unable,
      stock: (topic, groupId) => stockOf(broker, topic, groupId),
      [Symbol.asyncDispose]: async () => {},
    };
  },
};

/** How long it is unreachable during a restart. */
const awayMs = 100;

/** Its default. */
const partitions = 4;

/** After a kill, of all partitions together. */
const mayComeAgain = 100;

async function stockOf(broker: MemoryBroker, topic: string, groupId: string): Promise<BrokerStock> {
  await using admin = await memoryEventBus(broker).createAdmin?.({});
  const lags = (await admin?.lag({ topics: [topic], groupId })) ?? [];
  const sum = (of: (lag: (typeof lags)[number]) => number | null) =>
    lags.reduce((total, lag) => total + (of(lag) ?? 0), 0);
  return {
    stored: broker.messages(topic).length,
    pending: sum(({ pending }) => pending),
    unread: sum(({ lag }) => lag),
  };
}
