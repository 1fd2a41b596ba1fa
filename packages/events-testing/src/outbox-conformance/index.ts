export type { HookFunction, TestFunction, TestRunner } from '../runner/test-runner.js';
export { describeOutboxStore } from './describe-outbox-store.js';
export type { OutboxStoreHarness, StoreConnection } from './outbox-store-harness.js';
export { runStoreTest } from './run-store-test.js';
export type { StoreBench } from './store-bench.js';
export { reasonToLeaveOffStoreTest, type StoreSuiteName, type StoreTest } from './store-test.js';
export { storeTests } from './store-tests.js';
