import { InfrastructureError } from '@openedx-ts/events-core';
import { isDeadLetterTopic, type Message } from '@openedx-ts/events-core/bus';
import { comparePositions, type StoredMessage } from '@openedx-ts/events-core/operate';
import { type BrokenAdmin, reading, storing } from './broken-admin.js';

export const hidesDeadLetters = storing((store) => ({
  topicNames: async () => (await store.topicNames()).filter((name) => !isDeadLetterTopic(name)),
}));

export const readsBackwards = reading(
  (read) =>
    async function* (fullTopic, bounds) {
      for await (const page of read(fullTopic, bounds)) yield page.toReversed();
    },
);

export const readsLanesMixed = reading(
  (read) =>
    async function* (fullTopic, bounds) {
      const stored: StoredMessage[] = [];
      for await (const page of read(fullTopic, bounds)) stored.push(...page);
      yield stored.toSorted((a, b) => comparePositions(offsetOf(a), offsetOf(b)));
    },
);

export const readsTheFirstPage = reading(
  (read) =>
    async function* (fullTopic, bounds) {
      for await (const page of read(fullTopic, bounds)) {
        yield page;
        return;
      }
    },
);

export const readsForEver = reading(
  (read) =>
    async function* (fullTopic, bounds) {
      const seen = new Set<string>();
      for (let isNew = true; isNew; ) {
        isNew = false;
        for await (const page of read(fullTopic, bounds)) {
          const fresh = page.filter(({ position }) => !seen.has(position));
          for (const { position } of fresh) seen.add(position);
          isNew ||= fresh.length > 0;
          yield fresh;
        }
      }
    },
);

export const ignoresPositions = reading(
  (read) =>
    (fullTopic, { from: _, ...bounds } = {}) =>
      read(fullTopic, bounds),
);

export const readsOtherLanes = reading(
  (read) =>
    async function* (fullTopic, bounds = {}) {
      const { from, ...others } = bounds;
      if (from !== undefined) yield* read(fullTopic, bounds);
      for await (const page of read(fullTopic, others))
        yield from === undefined ? page : page.filter(({ position }) => laneOf(position) > laneOf(from));
    },
);

export const ignoresTimes = reading(
  (read) =>
    (fullTopic, { since: _, ...bounds } = {}) =>
      read(fullTopic, bounds),
);

export const ignoresEnds = reading(
  (read) =>
    (fullTopic, { until: _, ...bounds } = {}) =>
      read(fullTopic, bounds),
);

export const forgetsLaterLanes = reading(
  (read) =>
    async function* (fullTopic, bounds) {
      const after = bounds?.after;
      for await (const page of read(fullTopic, bounds))
        yield after === undefined ? page : page.filter(({ position }) => laneOf(position) === laneOf(after));
    },
);

export const repeatsTheLast = reading(
  (read) =>
    (fullTopic, { after, ...bounds } = {}) =>
      read(fullTopic, after === undefined ? bounds : { ...bounds, from: after }),
);

export const makesTopicsByReading: BrokenAdmin = (broker) =>
  reading((read) => (fullTopic, bounds) => {
    broker.topic(fullTopic);
    return read(fullTopic, bounds);
  })(broker);

export const commitsByReading: BrokenAdmin = (broker) =>
  reading(
    (read) =>
      async function* (fullTopic, bounds) {
        yield* read(fullTopic, bounds);
        for (const groupId of broker.groupIds) {
          const topic = broker.topic(fullTopic);
          const ends = Array.from(
            topic.partitions,
            ({ nextOffset }, partition) => [partition, nextOffset] as const,
          );
          broker.findGroup(groupId)?.move(topic, new Map(ends));
        }
      },
  )(broker);

export const takesAnAbsentBrokerForAnEmptyOne = reading(
  (read) =>
    async function* (fullTopic, bounds) {
      try {
        yield* read(fullTopic, bounds);
      } catch (error) {
        if (!(error instanceof InfrastructureError)) throw error;
      }
    },
);

export const losesHeaders = storing((store) => ({
  write: ({ headers, ...message }: Message) => store.write({ ...message, headers: headers.slice(0, -1) }),
}));

export const reportsWrongPositions = storing((store) => ({
  write: async (message: Message) => {
    await store.write(message);
    return '0:0';
  },
}));

export const removesNothing = storing(() => ({ remove: async () => {} }));

export const removesTooMuch = storing((store) => ({
  remove: async (fullTopic, positions, why) => {
    const upTo = (position: string) =>
      positions.some((other) => laneOf(other) === laneOf(position) && comparePositions(position, other) <= 0);
    for await (const page of store.read(fullTopic))
      await store.remove(fullTopic, page.map(({ position }) => position).filter(upTo), why);
  },
}));

/** What was removed comes back with the next operator. */
export const forgetsWhatWasRemoved = storing((store) => {
  const removed = new Set<string>();
  return {
    remove: async (fullTopic, positions) => {
      for (const position of positions) removed.add(`${fullTopic}@${position}`);
    },
    read: async function* (fullTopic, bounds) {
      for await (const page of store.read(fullTopic, bounds))
        yield page.filter(({ position }) => !removed.has(`${fullTopic}@${position}`));
    },
  };
});

export const knowsEveryGroup = storing((store) => ({
  groupProgress: async (fullTopic, groupId) =>
    (await store.groupProgress(fullTopic, groupId)) ?? { activeMembers: 0, readers: 0, next: new Map() },
}));

export const seesNoMembers = storing((store) => ({
  groupProgress: async (fullTopic, groupId) => {
    const progress = await store.groupProgress(fullTopic, groupId);
    return progress && { ...progress, activeMembers: 0 };
  },
}));

export const isOneBehind = storing((store) => ({
  groupProgress: async (fullTopic, groupId) => {
    const progress = await store.groupProgress(fullTopic, groupId);
    const next = Array.from(progress?.next ?? [], ([lane, position]) => [lane, before(position)] as const);
    return progress && { ...progress, next: new Map(next) };
  },
}));

export const movesNoGroup = storing(() => ({ moveGroup: async () => {} }));

export const movesAllLanes: BrokenAdmin = (broker) =>
  storing((store) => ({
    moveGroup: (fullTopic, groupId, positions) => {
      const { partitions } = broker.topic(fullTopic);
      const all = Array.from(partitions, ({ firstOffset }, partition) => `${partition}:${firstOffset}`);
      const others = all.filter((position) => !positions.some((one) => laneOf(one) === laneOf(position)));
      return store.moveGroup(fullTopic, groupId, [...positions, ...others]);
    },
  }))(broker);

function laneOf(position: string): number {
  return Number(position.split(':')[0]);
}

function offsetOf({ position }: StoredMessage): string {
  return position.split(':')[1] ?? '';
}

function before(position: string): string {
  const [lane, offset] = position.split(':').map(Number);
  return `${lane}:${Math.max(0, (offset ?? 0) - 1)}`;
}
