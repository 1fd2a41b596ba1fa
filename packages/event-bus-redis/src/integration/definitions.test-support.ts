import type { RedisOrReason } from '@openedx-ts/brokers';
import { schemaOf } from '@openedx-ts/events-avro';
import {
  createMetadata,
  defineSignal,
  type OpenEdxPublicSignal,
  type PayloadFields,
  type Producer,
  type SignalDefinition,
} from '@openedx-ts/events-core';
import { snapshotSignals } from '@openedx-ts/events-core/bus';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import type { RedisEventBusProducer } from '../producer/redis-event-bus-producer.js';
import { type EntryField, textOf } from './redis-bench.test-support.js';
import { RedisTestServer } from './redis-test-server.test-support.js';

/** One event type that services define differently. */
class EventVersions {
  readonly eventType: string;

  constructor(name: string) {
    this.eventType = `org.example.versions.${name}.changed.v1`;
  }

  /** The definition of another service: not the one that this process reads with. */
  elsewhere(data: PayloadFields, minorVersion = 0): OpenEdxPublicSignal {
    const forget = snapshotSignals();
    const signal = this.#define(data, minorVersion);
    forget();
    return signal;
  }

  /** The definition of this process, and what it receives. */
  here(data: PayloadFields): { readonly signal: OpenEdxPublicSignal; readonly received: object[] } {
    const signal = this.#define(data, 0);
    const received: object[] = [];
    signal.connect(({ data, fromEventBus }) => {
      if (fromEventBus) received.push(data);
    });
    return { signal, received };
  }

  #define(data: PayloadFields, minorVersion: number): OpenEdxPublicSignal {
    const definition = { eventType: this.eventType, data, minorVersion };
    return defineSignal(definition as SignalDefinition<PayloadFields>) as unknown as OpenEdxPublicSignal;
  }
}

/** For each test: an event type with definitions of its own, and its topic. */
export class DefinitionsBench extends RedisTestServer {
  /** Where the texts of schemas are. */
  readonly hash = 'openedx-events-schemas';
  #versions = new EventVersions('none');
  #producer: RedisEventBusProducer | undefined;

  /** Create it inside `describe`. */
  constructor(redis: RedisOrReason) {
    super(redis, 'definitions');
    let tests = 0;
    beforeAll(() => {
      this.#producer = this.produce();
    });
    afterAll(() => this.#producer?.close());
    beforeEach(() => {
      tests += 1;
      this.#versions = new EventVersions(`course${tests}`);
    });
  }

  get versions(): EventVersions {
    return this.#versions;
  }

  /** Sends an event as the service of that definition does. */
  send(signal: OpenEdxPublicSignal, data: object) {
    const metadata = createMetadata(signal);
    const event = { signal, topic: this.topic, eventKeyField: 'course.name', data, metadata };
    return (this.#producer as Producer).send(event as unknown as Parameters<Producer['send']>[0]);
  }
}

/** That a dead letter names the schemas of both sides, and why the one does not read the other. */
export function expectBothFingerprints(
  deadLetter: readonly EntryField[] | undefined,
  writer: OpenEdxPublicSignal,
  reader: OpenEdxPublicSignal,
  reason: RegExp,
): void {
  expect(textOf(deadLetter, 'dlq-code')).toBe('EVENTS_INCOMPATIBLE_SCHEMA');
  const message = textOf(deadLetter, 'dlq-message');
  expect(message).toMatch(reason);
  expect(message).toContain(schemaOf(writer).fingerprint);
  expect(message).toContain(schemaOf(reader).fingerprint);
}
