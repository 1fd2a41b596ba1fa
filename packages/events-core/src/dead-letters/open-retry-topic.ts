import { IllegalStateError } from '../errors/bus-errors.js';
import type { TopicStore } from '../operate/topic-store.js';
import { runtime } from '../runtime/runtime.js';
import { retryTopic } from '../wire/retry-topic.js';
import type { DeadLetterQueue } from './dead-letter-queue.js';

/** How the retry topic of a queue is opened. */
export interface OpenRetryTopicOptions {
  readonly abortSignal: AbortSignal | undefined;
  /** Called once, with the retry topic, when it has to wait for a member to read it. */
  readonly onWait: ((retryTopic: string) => void) | undefined;
}

/**
 * Creates the retry topic of a queue, unless it exists, and resolves when a member of the group reads it, or the signal
 * fires. It takes a few seconds the first time, because members look for the topic every one to three seconds.
 *
 * @returns the retry topic
 * @throws IllegalStateError when the group has no active member, or none that reads it within 30 seconds
 * @throws InfrastructureError when the broker cannot be reached
 */
export async function openRetryTopic(
  store: TopicStore,
  { fullTopic, groupId }: DeadLetterQueue,
  { abortSignal, onWait }: OpenRetryTopicOptions,
): Promise<string> {
  const name = retryTopic(fullTopic, groupId);
  const source = await store.groupProgress(fullTopic, groupId);
  if (source === undefined)
    throw refused(groupId, `the group does not consume ${fullTopic}: start one of its consumers`, fullTopic);
  const nobody = () => {
    const state = `no active member of the group reads ${name}: start a consumer of a release that does`;
    return refused(groupId, state, fullTopic);
  };
  if (source.activeMembers === 0) throw nobody();
  await store.createRetryTopic(fullTopic, groupId);
  const { clock } = runtime();
  const until = clock.monotonic() + READERS_WITHIN_MS;
  for (let looks = 0; ((await store.groupProgress(name, groupId))?.readers ?? 0) === 0; looks += 1) {
    if (abortSignal?.aborted) return name;
    if (clock.monotonic() > until) throw nobody();
    const members = (await store.groupProgress(fullTopic, groupId))?.activeMembers ?? 0;
    if (members === 0) throw nobody(); // it has ended since
    if (looks === 0) onWait?.(name);
    await clock.sleep(LOOK_EVERY_MS, abortSignal);
  }
  return name;
}

const READERS_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 250;

function refused(groupId: string, state: string, fullTopic: string): IllegalStateError {
  return new IllegalStateError(
    `redriving for group ${groupId} alone`,
    `${state}, or redrive for all groups of ${fullTopic} (allGroups, --all-groups)`,
  );
}
