import { deadLetterQueue, readDeadLetters } from '@openedx-ts/events-core/operate';
import type { BrokerUnderTest } from './bus-under-test.js';

/** Event ids of the dead letters of a group, repeated for each dead letter; '' for a dead letter without an id. */
export async function deadLettersOf(
  { plugin, env }: Pick<BrokerUnderTest, 'plugin' | 'env'>,
  where: { readonly topic: string; readonly groupId: string },
): Promise<readonly string[]> {
  await using admin = await plugin.createAdmin?.(env);
  const store = admin?.topics;
  if (store === undefined) throw new TypeError(`bus ${plugin.name} does not let its topics be read`);
  const ids: string[] = [];
  for await (const { eventId } of readDeadLetters(store, deadLetterQueue(store, where)))
    ids.push(eventId ?? '');
  return ids;
}
