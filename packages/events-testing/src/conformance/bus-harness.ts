import type { Consumer, ConsumerOptions, Producer, ProducerOptions } from '@openedx-ts/events-core';
import type { Message } from '@openedx-ts/events-core/bus';
import type { EventBusAdmin } from '@openedx-ts/events-core/operate';
import type { Missing } from './missing.js';

/** What the conformance suite needs of a bus to test it. One object a bus; see `memoryHarness` for a whole one. */
export interface BusHarness {
  /** Heads the report. */
  readonly name: string;
  /** What this bus promises beyond what every bus must. What it does not promise needs a reason, which is shown. */
  readonly capabilities: Readonly<Record<Capability, true | Missing>>;
  /** Makes a producer. The suite closes it. */
  createProducer(options?: ProducerOptions): Producer | Promise<Producer>;
  /** Makes a consumer and does not start it. The suite closes it. */
  createConsumer(options: ConsumerOptions): Consumer | Promise<Consumer>;
  /** Ends a consumer as if its process had died: no event in flight is finished or acknowledged. It is not closed afterwards. */
  readonly crashConsumer: ((consumer: Consumer) => Promise<void>) | Missing;
  /** Makes an operator's view of the bus, one with `topics`. The suite closes it. */
  readonly createAdmin: (() => MaybeAdmin | Promise<MaybeAdmin>) | Missing;
  /** Makes the broker unreachable and reachable again, with everything it stored. */
  readonly outage: BrokerSwitch | Missing;
  /**
   * Makes the broker refuse messages for a reason that passes, such as full memory or too few replicas, while it stays
   * reachable; `start` makes it accept them again. Called many times while batches are published; the test fails where
   * nothing is refused. @defaultValue the test of
   * partly failed batches is left out
   */
  readonly refusal?: BrokerSwitch | Missing;
  /**
   * Makes one lane of a topic accept no events for a while, as a partition without a leader does, while its other lanes
   * do. For buses with several lanes a topic. @defaultValue the test of producers' lanes is left out
   */
  readonly laneOutage?: LaneSwitch | Missing;
  /**
   * The largest message in bytes that `publishRaw` can store, its key and headers included, where the broker refuses
   * larger ones. @defaultValue tests of large dead letters are left out
   */
  readonly maxMessageBytes?: number | Missing;
  /** Everything that a topic holds, in order. The topic may not exist yet. */
  readTopic(fullTopic: string): Promise<readonly Message[]>;
  /** Stores a message as it is, whatever is wrong with it. @defaultValue `publishMessages` of a producer */
  readonly publishRaw?: (message: Message) => Promise<void>;
  /** Makes a topic before its first use. Give it several partitions where there are such. @defaultValue brokers make topics */
  readonly createTopic?: (fullTopic: string) => Promise<void>;
  /** How long a test waits for what must happen, in milliseconds. @defaultValue 10000 */
  readonly timeoutMs?: number;
  /** Called before the first test. */
  readonly open?: () => Promise<void>;
  /** Called after the last test. */
  readonly close?: () => Promise<void>;
}

/**
 * What a bus may promise or not:
 * - `orderWithSeveralConsumers`: events of one key stay in order when a group has several consumers at work;
 * - `startAtTime`: a new group can begin with the events stored since a time;
 * - `startAtPosition`: a new group can begin with the event at a position;
 * - `tombstones`: messages without a value travel;
 * - `repeatedHeaders`: a message may hold two headers of one name;
 * - `binaryHeaders`: header values may be any bytes;
 * - `deliveryCounts`: a delivery has the number of processes that died while its event was in flight; from the third
 *   delivery on, only those count in which it was processed exclusively (`countExclusive` of `EventBusConsumer`);
 * - `acknowledgementsAhead`: when a consumer stops or the group rebalances, what was processed behind an event that was
 *   not is not delivered again (`acknowledgeAhead` of `EventBusConsumer`).
 */
export type Capability = (typeof capabilities)[number];

/** All capabilities, for checks. */
export const capabilities = [
  'orderWithSeveralConsumers',
  'startAtTime',
  'startAtPosition',
  'tombstones',
  'repeatedHeaders',
  'binaryHeaders',
  'deliveryCounts',
  'acknowledgementsAhead',
] as const;

/** What a bus's `createAdmin?.(env)` gives. */
type MaybeAdmin = EventBusAdmin | undefined;

/** How the broker is stopped and started. */
export interface BrokerSwitch {
  stop(): Promise<void>;
  /** Resolves when the broker answers again. */
  start(): Promise<void>;
}

/** How one lane of a topic is stopped and started. */
export interface LaneSwitch {
  /** The lane in which an event was stored, from the position in its receipt. */
  laneOf(position: string): string;
  /** Resolves when the lane accepts no events any more. */
  stop(fullTopic: string, lane: string): Promise<void>;
  /** Makes the lane that was stopped accept events again. */
  start(): Promise<void>;
}
