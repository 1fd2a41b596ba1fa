import { startRedis } from '@openedx-ts/brokers';
import type { InboxAddress } from '../processes/receiver-task.js';
import type { Rig } from '../rig.js';

/** Starts a Redis with an inbox; effects are lines of the journals, and counted there. */
export async function redisEffects(rig: Rig): Promise<InboxAddress> {
  const server = rig.use(await startRedis({ own: true }));
  rig.countEffects = () => {
    const counts = [...rig.ledger.effects.values()];
    return { events: counts.length, twice: counts.reduce((sum, count) => sum + count - 1, 0) };
  };
  return { in: 'redis', url: server.url, leaseMs: 1_500 };
}
