import type { StoredMessage } from './stored-message.js';

/**
 * Merges the newest messages of lanes, newest first: each lane keeps its order, and between lanes the greater time comes
 * first. For buses with several lanes.
 *
 * @param lanes of each lane its newest messages in order, the newest last; as many as `count` where it holds so many
 * @returns at most `count` messages
 */
export function newestFirst(
  lanes: readonly (readonly StoredMessage[])[],
  count: number,
): readonly StoredMessage[] {
  const rest = lanes.map((messages) => ({ messages, left: messages.length }));
  const merged: StoredMessage[] = [];
  while (merged.length < count) {
    let newest: (typeof rest)[number] | undefined;
    for (const lane of rest)
      if (lane.left > 0 && (newest === undefined || timeOf(lane) > timeOf(newest))) newest = lane;
    if (newest === undefined) break;
    newest.left -= 1;
    merged.push(newest.messages[newest.left] as StoredMessage);
  }
  return merged;
}

function timeOf({ messages, left }: { readonly messages: readonly StoredMessage[]; readonly left: number }) {
  return messages[left - 1]?.storedAt ?? -Infinity;
}
