export { loadBus } from './buses/load-bus.js';
export type { DeadLetter } from './dead-letters/dead-letter-entry.js';
export type { DeadLetterFilter, DeadLetterSelection } from './dead-letters/dead-letter-filter.js';
export {
  type DeadLetterQueue,
  deadLetterQueue,
  findDeadLetterQueues,
} from './dead-letters/dead-letter-queue.js';
export { decodeDeadLetter } from './dead-letters/decode-dead-letter.js';
export { type PurgeOptions, type PurgeReport, purgeDeadLetters } from './dead-letters/purge-dead-letters.js';
export { readDeadLetters } from './dead-letters/read-dead-letters.js';
export {
  type RedriveOptions,
  type RedriveReport,
  redriveDeadLetters,
} from './dead-letters/redrive-dead-letters.js';
export { type DeadLetterSummary, summarizeDeadLetters } from './dead-letters/summarize-dead-letters.js';
export { comparePositions } from './operate/compare-positions.js';
export type { EventBusAdmin, Finding, GroupLag, LagQuery } from './operate/event-bus-admin.js';
export { type ReplayOptions, replayGroup } from './operate/replay-group.js';
export type { ReplayedLane, ReplayReport } from './operate/replay-report.js';
export type { StoredMessage } from './operate/stored-message.js';
export type {
  FollowedMessages,
  FollowOptions,
  LaneDescription,
  NewestMessages,
  NewestQuery,
  StoredPlace,
  TopicBrowser,
  TopicDescription,
  TopicRetention,
} from './operate/topic-browser.js';
export type {
  GroupFate,
  GroupProgress,
  ReadBounds,
  TopicStore,
} from './operate/topic-store.js';
export { FieldCondition } from './personal-data/field-condition.js';
export { maskPersonalData } from './personal-data/mask-personal-data.js';
export { maskPersonalText } from './personal-data/mask-personal-text.js';
export { type ProducerConfigEntry, parseProducerConfig } from './routes/producer-config.js';
export { type EventFate, eventFates } from './search/event-fates.js';
export {
  type EventPlace,
  type EventSearch,
  type EventWhereabouts,
  findEvent,
} from './search/find-event.js';
export { timeOfEventId } from './search/time-of-event-id.js';
