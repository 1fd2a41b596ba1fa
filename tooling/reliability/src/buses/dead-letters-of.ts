import { deadLetterQueue, readDeadLetters } from '@openedx-ts/events-core/operate';
import type { BrokerUnderTest } from './bus-under-test.js';

/** Ids of the events among the dead letters of a group, as often as they lie there; '' for one that cannot be told. */
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
