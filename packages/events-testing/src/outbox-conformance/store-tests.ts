import type { StoreTest } from './store-test.js';
import { appending } from './suites/appending.js';
import { leaseAndStatus } from './suites/lease-and-status.js';
import { orderOfCommits } from './suites/order-of-commits.js';
import { parkedEntries } from './suites/parked-entries.js';
import { reading } from './suites/reading.js';
import { removing } from './suites/removing.js';
import { tables } from './suites/tables.js';

/** The whole suite as data: for other test runners, and for tests of the suite itself. */
export const storeTests: readonly StoreTest[] = Object.freeze([
  ...tables,
  ...orderOfCommits,
  ...appending,
  ...reading,
  ...removing,
  ...parkedEntries,
  ...leaseAndStatus,
]);
