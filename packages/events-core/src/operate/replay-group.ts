import { IllegalStateError } from '../errors/bus-errors.js';
import { InvalidOptionsError } from '../errors/configuration-errors.js';
import { runtime } from '../runtime/runtime.js';
import { DateTime } from '../shapes/date-time.js';
import { fullTopicName } from '../wire/topic-name.js';
import { headerOf } from './header-of.js';
import type { ReplayReport } from './replay-report.js';
import { ReplayedMessages } from './replayed-messages.js';
import type { StoredMessage } from './stored-message.js';
import type { GroupProgress, ReadBounds, TopicStore } from './topic-store.js';

/** Which group gets which events again. */
export interface ReplayOptions {
  /** Without prefix. */
  readonly topic: string;
  /** The group to set back; none of its members may run. */
  readonly groupId: string;
  /**
   * The first event that the group receives again. With a time: in every lane, the first that the broker stored then or
   * later. With an event id or a position: that event, and only its lane is set back; several positions, one a lane, are
   * separated by commas.
   */
  readonly from:
    | 'earliest'
    | { readonly time: Date | DateTime }
    | { readonly position: string }
    | { readonly eventId: string };
  /** Creates the group when there is none. @defaultValue false */
  readonly create?: boolean;
  /** Reports what would be moved, and moves nothing. @defaultValue false */
  readonly dryRun?: boolean;
  /** Ends it before anything was moved; it then rejects with the signal's reason. @defaultValue none */
  readonly abortSignal?: AbortSignal;
}

/**
 * Moves a group back, so that its consumers receive events again, or creates a group that starts there. A group is
 * never moved forward: no event is skipped. The report counts the events that the topic holds now.
 *
 * @throws IllegalStateError while members of the group are active: stop them first
 * @throws InvalidOptionsError when there is no such group, position or event, or nothing that was stored since that time
 * @throws InfrastructureError when the broker cannot be reached
 */
export async function replayGroup(store: TopicStore, options: ReplayOptions): Promise<ReplayReport> {
  const { topic, groupId, create = false, dryRun = false } = options;
  const fullTopic = fullTopicName(topic, store.topicPrefix);
  const progress = await store.groupProgress(fullTopic, groupId);
  if (progress === undefined && !create)
    throw refused(
      'groupId',
      `there is no group ${groupId} on topic ${fullTopic}: check the name, or set create`,
    );
  assertNoActiveMembers(progress, groupId);
  const replayed = new ReplayedMessages(progress);
  for (const bounds of boundsOf(options)) await count(store, fullTopic, bounds, options, replayed);
  const report = { isNewGroup: progress === undefined, isDryRun: dryRun, ...replayed.counts };
  if (report.lanes.length === 0) throw refused('from', `topic ${fullTopic} holds nothing from there on`);
  const positions = report.lanes.filter(({ isMoved }) => isMoved).map(({ position }) => position);
  if (dryRun || positions.length === 0) return report;
  assertNoActiveMembers(await store.groupProgress(fullTopic, groupId), groupId);
  await store.moveGroup(fullTopic, groupId, positions);
  const facts = { topic: fullTopic, groupId, positions: positions.join(','), events: report.events };
  runtime().logger.info(facts, 'a group was set back');
  return report;
}

function boundsOf({ from }: ReplayOptions): readonly ReadBounds[] {
  if (from === 'earliest' || 'eventId' in from) return [{}];
  if ('time' in from) return [{ since: DateTime.from(from.time).toDate().getTime() }];
  return from.position.split(',').map((position) => ({ from: position }));
}

/**
 * Counts the messages that the group receives again. An event or a position is the first of its own lane, and no other lane
 * is set back.
 *
 * @throws InvalidOptionsError when the topic does not hold that event or position
 */
async function count(
  store: TopicStore,
  fullTopic: string,
  bounds: ReadBounds,
  { from, abortSignal }: ReplayOptions,
  replayed: ReplayedMessages,
): Promise<void> {
  const eventId = typeof from === 'object' && 'eventId' in from ? from.eventId : undefined;
  const isFirst = (stored: StoredMessage) =>
    eventId === undefined
      ? bounds.from === undefined || stored.position === bounds.from
      : headerOf(store, stored.message, 'id') === eventId;
  let first: StoredMessage | undefined;
  for await (const page of store.read(fullTopic, bounds)) {
    abortSignal?.throwIfAborted();
    for (const stored of page) {
      if (first === undefined && isFirst(stored)) first = stored;
      if (first === undefined || (eventId !== undefined && stored.lane !== first.lane)) continue;
      replayed.add(stored, headerOf(store, stored.message, 'eventType') || null);
    }
    if (first === undefined && bounds.from !== undefined) break; // the topic starts behind the position
  }
  if (first === undefined && (eventId ?? bounds.from) !== undefined)
    throw refused('from', `topic ${fullTopic} does not hold ${eventId ?? bounds.from}`);
}

function assertNoActiveMembers(progress: GroupProgress | undefined, groupId: string): void {
  const active = progress?.activeMembers ?? 0;
  if (active === 0) return;
  throw new IllegalStateError(
    `setting group ${groupId} back`,
    `${active} of its members may be at work: stop them`,
  );
}

function refused(path: string, message: string): InvalidOptionsError {
  return new InvalidOptionsError('replay', [{ path, message }]);
}
