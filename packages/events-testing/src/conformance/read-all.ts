import type { ReadBounds, StoredMessage, TopicStore } from '@openedx-ts/events-core/operate';

/** All pages of a topic in one list. */
export async function readAll(
  store: TopicStore,
  fullTopic: string,
  bounds?: ReadBounds,
): Promise<readonly StoredMessage[]> {
  const stored: StoredMessage[] = [];
  for await (const page of store.read(fullTopic, bounds)) stored.push(...page);
  return stored;
}
