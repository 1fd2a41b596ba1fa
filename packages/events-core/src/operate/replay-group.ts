import { IllegalStateError } from '../errors/bus-errors.js';
import { InvalidOptionsError } from '../errors/configuration-errors.js';
import { runtime } from '../runtime/runtime.js';
import { DateTime } from '../shapes/date-time.js';
import { fields } from '../wire/header-fields.js';
import { textOfHeader } from '../wire/text-of-header.js';
import { fullTopicName } from '../wire/topic-name.js';
import { comparePositions } from './compare-positions.js';
import { NameCounts } from './name-counts.js';
import type { StoredMessage } from './stored-message.js';
import type { GroupProgress, ReadBounds, TopicStore } from './topic-store.js';

/** Which group gets which events again. */
export interface ReplayOptions {
  /** Without prefix. */
  readonly topic: string;
  /** The group to set back; none of its members may run. */
  readonly groupId: string;
  /**
   * Where it begins. A time: in every lane, with the first event that the broker got then or later. An event or
   * positions (several with commas, one a lane): in their lanes alone, with these.
   */
  readonly from:
    | 'earliest'
    | { readonly time: Date | DateTime }
    | { readonly position: string }
    | { readonly eventId: string };
  /** Make the group when there is none. @defaultValue false */
  readonly create?: boolean;
  /** Reports what would be moved, and moves nothing. @defaultValue false */
  readonly dryRun?: boolean;
  /** Ends it before anything was moved; it then rejects with the signal's reason. @defaultValue none */
  readonly abortSignal?: AbortSignal;
}

/** What a group gets again. */
export interface ReplayReport {
  readonly isNewGroup: boolean;
  readonly isDryRun: boolean;
  /** The lanes that hold something from there on. */
  readonly lanes: readonly ReplayedLane[];
  /** Events in the lanes that were set back. */
  readonly events: number;
  /**
   * How many of each event type; `null` where the headers do not name it. Names are cut to 200 characters; beyond a
   * thousand of them, the others are counted together as `(others)`.
   */
  readonly eventTypes: readonly (readonly [eventType: string | null, count: number])[];
}

/** One lane of a replay. */
export interface ReplayedLane {
  readonly lane: string;
  /** The first that the group gets. */
  readonly position: string;
  readonly events: number;
  /** Whether the group is set back; otherwise it has not reached them, gets them anyway, and stays where it is. */
  readonly isMoved: boolean;
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
  const starts = new Starts(progress);
  for (const bounds of boundsOf(options)) await count(store, fullTopic, bounds, options, starts);
  const report = starts.report(progress === undefined, dryRun);
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

async function count(
  store: TopicStore,
  fullTopic: string,
  bounds: ReadBounds,
  { from, abortSignal }: ReplayOptions,
  starts: Starts,
): Promise<void> {
  const naming = store.wireFormat.headerNaming;
  const eventId = typeof from === 'object' && 'eventId' in from ? from.eventId : undefined;
  const header = ({ message }: StoredMessage, name: string) => textOfHeader(message.headers, name);
  let lane: string | undefined;
  for await (const page of store.read(fullTopic, bounds)) {
    abortSignal?.throwIfAborted();
    for (const stored of page) {
      if (lane === undefined && bounds.from !== undefined && stored.position !== bounds.from) break;
      if (eventId !== undefined && lane === undefined && header(stored, fields.id[naming]) !== eventId)
        continue;
      if (eventId !== undefined && lane !== undefined && stored.lane !== lane) continue;
      lane ??= stored.lane;
      starts.count(stored, header(stored, fields.eventType[naming]) || null);
    }
    if (bounds.from !== undefined && lane === undefined) break;
  }
  if (lane === undefined && (eventId !== undefined || bounds.from !== undefined))
    throw refused('from', `topic ${fullTopic} does not hold ${eventId ?? bounds.from}`);
}

/** Where lanes begin, and what lies behind. */
class Starts {
  readonly #progress: GroupProgress | undefined;
  readonly #lanes = new Map<
    string,
    { readonly lane: string; position: string; events: number; isMoved: boolean }
  >();
  readonly #eventTypes = new NameCounts();

  constructor(progress: GroupProgress | undefined) {
    this.#progress = progress;
  }

  count({ lane, position }: StoredMessage, eventType: string | null): void {
    let found = this.#lanes.get(lane);
    if (found === undefined) {
      const next = this.#progress?.next.get(lane);
      const isMoved = next === undefined || comparePositions(position, next) < 0;
      found = { lane, position, events: 0, isMoved };
      this.#lanes.set(lane, found);
    }
    found.events += 1;
    if (found.isMoved) this.#eventTypes.add(eventType);
  }

  report(isNewGroup: boolean, isDryRun: boolean): ReplayReport {
    const lanes = [...this.#lanes.values()];
    const events = lanes.reduce((sum, lane) => sum + (lane.isMoved ? lane.events : 0), 0);
    return { isNewGroup, isDryRun, lanes, events, eventTypes: this.#eventTypes.all };
  }
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
