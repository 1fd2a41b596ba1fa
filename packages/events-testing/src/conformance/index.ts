export type { Bench } from './bench.js';
export type { BrokerSwitch, BusHarness, Capability } from './bus-harness.js';
export { checkHarness } from './check-harness.js';
export { type ConformanceTest, type Need, reasonToLeaveOff, type SuiteName } from './conformance-test.js';
export { conformanceTests } from './conformance-tests.js';
export { describeBus } from './describe-bus.js';
export { memoryHarness } from './memory-harness.js';
export type { Missing } from './missing.js';
export { runConformanceTest } from './run-conformance-test.js';
