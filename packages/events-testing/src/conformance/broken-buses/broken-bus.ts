import { MemoryBroker } from '@openedx-ts/event-bus-memory';
import type { BusHarness } from '../bus-harness.js';
import { memoryHarness } from '../memory-harness.js';
import type { BrokenAdmin } from './broken-admin.js';
import type { BrokenConsumer } from './broken-consumer.js';
import type { BrokenProducer } from './broken-producers.js';

/** A memory bus with one thing wrong, and the tests of the suite that must notice. */
export interface BrokenBus {
  /** What it does wrong. */
  readonly name: string;
  /** Titles of tests, each of which must fail. */
  readonly caughtBy: readonly string[];
  readonly harness: BusHarness;
}

/** The part of the bus that is broken. */
export interface BrokenPart {
  readonly broker?: MemoryBroker;
  readonly producer?: BrokenProducer;
  readonly consumer?: BrokenConsumer;
  readonly admin?: BrokenAdmin;
  readonly close?: () => Promise<void>;
  /** How long a test waits for what must happen. @defaultValue 150 */
  readonly timeoutMs?: number;
}

/** A memory bus with one part broken. What never happens there is not waited for long. */
export function brokenBus(name: string, part: BrokenPart, caughtBy: readonly string[]): BrokenBus {
  const {
    broker = new MemoryBroker({ maxMessageBytes: 1_048_588 }),
    producer,
    consumer,
    admin,
    close,
    timeoutMs = 150,
  } = part;
  const harness: BusHarness = {
    ...memoryHarness({ broker }),
    name,
    timeoutMs,
    ...(producer === undefined ? {} : { createProducer: (options) => producer(broker, options) }),
    ...(consumer === undefined ? {} : { createConsumer: (options) => consumer(broker, options) }),
    ...(admin === undefined ? {} : { createAdmin: () => admin(broker) }),
    ...(close === undefined ? {} : { close }),
  };
  return { name, caughtBy, harness };
}
