import { type BrokenAdmin, storing } from './broken-admin.js';

export const ignoresBefore = storing((store) => ({
  newest: (fullTopic, { count }) => store.newest(fullTopic, { count }),
}));

export const showsOldestFirst = storing((store) => ({
  newest: async (fullTopic, query) => {
    const page = await store.newest(fullTopic, query);
    return { ...page, messages: page.messages.toReversed() };
  },
}));

export const showsOneLane = storing((store) => ({
  newest: async (fullTopic, query) => {
    const page = await store.newest(fullTopic, query);
    return { ...page, messages: page.messages.filter(({ position }) => position.startsWith('0:')) };
  },
}));

export const makesTopicsByShowing: BrokenAdmin = (broker) =>
  storing((store) => ({
    newest: (fullTopic, query) => {
      broker.topic(fullTopic);
      return store.newest(fullTopic, query);
    },
  }))(broker);

export const followsFromTheEnd = storing((store) => ({
  follow: (fullTopic, { abortSignal }) => store.follow(fullTopic, { abortSignal }),
}));

export const repeatsWhatWasFollowed = storing((store) => ({
  follow: async function* (fullTopic, options) {
    for await (const { messages } of store.follow(fullTopic, options))
      yield { messages, next: options.from ?? '-' };
  },
}));

export const followsNoMissingTopic = storing((store) => ({
  follow: async function* (fullTopic, options) {
    if ((await store.topicNames()).includes(fullTopic)) yield* store.follow(fullTopic, options);
  },
}));

export const countsOneLess = storing((store) => ({
  describeTopic: async (fullTopic) => {
    const described = await store.describeTopic(fullTopic);
    return (
      described && {
        ...described,
        lanes: described.lanes.map((lane) => ({ ...lane, length: Math.max(0, (lane.length ?? 0) - 1) })),
      }
    );
  },
}));

export const knowsNoNewest = storing((store) => ({
  describeTopic: async (fullTopic) => {
    const described = await store.describeTopic(fullTopic);
    return (
      described && { ...described, lanes: described.lanes.map((lane) => ({ ...lane, last: lane.first })) }
    );
  },
}));
