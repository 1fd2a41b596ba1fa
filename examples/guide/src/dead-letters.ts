import type { Environment, EventBusPlugin } from '@openedx-ts/events-core';
import { deadLetterQueue, readDeadLetters, redriveDeadLetters } from '@openedx-ts/events-core/operate';

// #region redrive
export async function redriveOrders(eventBus: EventBusPlugin, env: Environment): Promise<number> {
  await using admin = await eventBus.createAdmin?.(env);
  const topics = admin?.topics;
  if (topics === undefined) throw new Error('this bus has no topic store');

  const queue = deadLetterQueue(topics, { topic: 'orders', groupId: 'mail' });
  for await (const deadLetter of readDeadLetters(topics, queue, { code: 'RECEIVER_FAILED' })) {
    console.log(deadLetter.position, deadLetter.facts?.message);
  }
  const { redriven } = await redriveDeadLetters(topics, queue, { all: true, ratePerSecond: 50 });
  return redriven;
}
// #endregion redrive
