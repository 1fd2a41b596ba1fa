import type { ConformanceTest } from './conformance-test.js';
import { concurrency } from './suites/concurrency.js';
import { deadLetters } from './suites/dead-letters.js';
import { delivery } from './suites/delivery.js';
import { eventFates } from './suites/event-fates.js';
import { groupIds } from './suites/group-ids.js';
import { groupPositions } from './suites/group-positions.js';
import { groups } from './suites/groups.js';
import { largeDeadLetters } from './suites/large-dead-letters.js';
import { lifecycle } from './suites/lifecycle.js';
import { ordering } from './suites/ordering.js';
import { partialFailures } from './suites/partial-failures.js';
import { poison } from './suites/poison.js';
import { policies } from './suites/policies.js';
import { producerLanes } from './suites/producer-lanes.js';
import { progress } from './suites/progress.js';
import { reconnect } from './suites/reconnect.js';
import { redelivery } from './suites/redelivery.js';
import { redriving } from './suites/redriving.js';
import { retryTopics } from './suites/retry-topics.js';
import { topicBrowser } from './suites/topic-browser.js';
import { topicStore } from './suites/topic-store.js';

/** The whole suite as data: for other test runners, and for tests of the suite itself. */
export const conformanceTests: readonly ConformanceTest[] = Object.freeze([
  ...delivery,
  ...ordering,
  ...partialFailures,
  ...producerLanes,
  ...redelivery,
  ...groups,
  ...groupIds,
  ...poison,
  ...deadLetters,
  ...largeDeadLetters,
  ...retryTopics,
  ...redriving,
  ...policies,
  ...concurrency,
  ...topicStore,
  ...groupPositions,
  ...eventFates,
  ...topicBrowser,
  ...lifecycle,
  ...progress,
  ...reconnect,
]);
