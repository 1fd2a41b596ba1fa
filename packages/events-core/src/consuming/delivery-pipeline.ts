import { runtime } from '../runtime/runtime.js';
import type { EventCodec } from '../wire/codec.js';
import type { Message } from '../wire/message.js';
import type { WireFormat } from '../wire/wire-format.js';
import { Backpressure } from './backpressure.js';
import { Availability } from './failures/availability.js';
import { FailureStreak } from './failures/failure-streak.js';
import { logAbandoned } from './failures/log-abandoned.js';
import { ConsumerLanes } from './lanes/consumer-lanes.js';
import { keyOf } from './lanes/delivery-key.js';
import { ExclusiveCoordinator } from './lanes/exclusive-coordinator.js';
import { LaneWorker } from './lanes/lane-worker.js';
import { Deadlines } from './processing/deadlines.js';
import { DeliveryHandler } from './processing/delivery-handler.js';
import { OldestAges } from './progress/oldest-ages.js';
import { ProgressWatch } from './progress/progress-watch.js';
import { RunningSteps } from './progress/running-steps.js';
import { stallTimeoutOf } from './progress/stall-timeout.js';
import { RetryTopics } from './retry-topics.js';
import { MAX_EXCLUSIVE_TIMEOUT_MS, type ResolvedConsumerOptions } from './types/consumer-options.js';
import type { Delivery } from './types/delivery.js';

/** What the pipeline asks of a bus; see the methods of `EventBusConsumer` with the same names. */
export interface PipelineBus {
  acknowledge(lane: string, ordinals: readonly number[]): Promise<void>;
  acknowledgeAhead(lane: string, ordinals: readonly number[]): void | Promise<void>;
  publishDeadLetter(message: Message): Promise<void>;
  pause(lane: string): void;
  resume(lane: string): void;
  countExclusive(lane: string, ordinal: number, isProcessing: boolean): void | Promise<void>;
  mayHandle(lane: string): boolean;
}

export interface DeliveryPipelineOptions {
  readonly bus: PipelineBus;
  readonly system: string;
  readonly codec: EventCodec;
  readonly wireFormat: WireFormat;
  readonly options: ResolvedConsumerOptions;
  readonly stopSignal: AbortSignal;
  /** Called with an error that must stop the consumer. */
  readonly onFatal: (error: unknown) => void;
}

/** How long a lane that ends waits for the acknowledgement of what was handled ahead. */
const ACKNOWLEDGE_AHEAD_MS = 2_000;

/** The way of every delivery of one consumer, from its arrival to its acknowledgement: lanes, processing, failures. */
export class DeliveryPipeline {
  readonly #parts: DeliveryPipelineOptions;
  readonly #availability: Availability;
  readonly #exclusive: ExclusiveCoordinator;
  readonly #deadlines = new Deadlines();
  readonly #running = new RunningSteps();
  readonly #retryTopics: RetryTopics;
  readonly #handler: DeliveryHandler;
  readonly #lanes: ConsumerLanes;
  readonly #watch: ProgressWatch;
  readonly #backpressure = new Backpressure(() => this.#isFullAfterPauses());

  constructor(parts: DeliveryPipelineOptions) {
    const { bus, options, system, codec, wireFormat, onFatal } = parts;
    this.#parts = parts;
    this.#retryTopics = new RetryTopics(options);
    this.#availability = new Availability({
      groupId: options.groupId,
      headerNaming: wireFormat.headerNaming,
      backoff: { initialMs: options.initialBackoffMs, maxMs: options.maxBackoffMs },
      othersGoOn: options.concurrency > 1,
      pause: (lane) => {
        bus.pause(lane);
        this.#backpressure.check();
      },
      resume: bus.resume,
    });
    const { exclusiveTimeoutMs = Math.min(options.receiverTimeoutMs, MAX_EXCLUSIVE_TIMEOUT_MS) } = options;
    this.#exclusive = new ExclusiveCoordinator({
      timeoutMs: exclusiveTimeoutMs,
      countExclusive: bus.countExclusive,
    });
    this.#handler = new DeliveryHandler({
      options,
      system,
      codec,
      wireFormat,
      deadlines: this.#deadlines,
      running: this.#running,
      availability: this.#availability,
      streak: new FailureStreak(options, onFatal),
      publishDeadLetter: bus.publishDeadLetter,
    });
    this.#lanes = new ConsumerLanes({
      limits: options,
      createWorker: (lane) => this.#createWorker(lane),
      onAbandoned: (deliveries) =>
        logAbandoned(deliveries, {
          ...options,
          headerNaming: wireFormat.headerNaming,
          receiverOf: (delivery) => this.#running.of(delivery)?.receiver,
        }),
      acknowledgeAhead: (lane, ordinals) => this.#acknowledgeAhead(lane, ordinals),
    });
    this.#watch = this.#createWatch();
  }

  /** Why the consumer is not ready, for `health()`. */
  get reasons(): readonly string[] {
    return [...this.#availability.reasons, ...this.#exclusive.reasons, ...this.#watch.reasons];
  }

  /** Accepts deliveries. Resolves when there is room for more. */
  async accept(deliveries: readonly Delivery[]): Promise<void> {
    this.#watch.received(deliveries);
    this.#lanes.accept(this.#retryTopics.resolve(deliveries));
    await this.#backpressure.whileFull(this.#parts.stopSignal);
    this.#watch.asked();
  }

  /** Notes that the broker is unreachable. */
  disconnected(): void {
    this.#watch.disconnected();
  }

  /** Notes whether events of a lane wait unread; see `EventBusConsumer.reportUnread`. */
  reportUnread(lane: string, hasUnread: boolean): void {
    this.#watch.reportUnread(lane, hasUnread);
  }

  /** Drains one lane; see `EventBusConsumer.drainLane`. */
  async drainLane(lane: string): Promise<void> {
    await this.#lanes.drainOne(lane);
    this.#availability.forget(lane);
    this.#watch.forget(lane);
  }

  /** Starts nothing more. */
  halt(): void {
    this.#lanes.halt();
  }

  /** Drains all lanes and stops its timers. */
  async close(): Promise<void> {
    await this.#lanes.drainAll();
    this.#deadlines.close();
  }

  /** How many deliveries of a lane wait to be processed. */
  waitingIn(lane: string): number {
    return this.#lanes.waitingIn(lane);
  }

  /** The size in bytes of the deliveries of a lane that are unfinished. */
  bytesIn(lane: string): number {
    return this.#lanes.bytesIn(lane);
  }

  /** A lane must not end later because the broker is unreachable: what cannot be acknowledged is delivered again. */
  async #acknowledgeAhead(lane: string, ordinals: readonly number[]): Promise<void> {
    const { bus, options } = this.#parts;
    const over = new AbortController();
    try {
      const late = runtime().clock.sleep(ACKNOWLEDGE_AHEAD_MS, over.signal);
      await Promise.race([bus.acknowledgeAhead(lane, ordinals), late]);
    } catch (error) {
      runtime().logger.warn(
        { err: error, lane, groupId: options.groupId, count: ordinals.length },
        'events that were handled behind an unfinished one could not be acknowledged: they are delivered again',
      );
    } finally {
      over.abort();
    }
  }

  #createWatch(): ProgressWatch {
    const { options, wireFormat, stopSignal } = this.#parts;
    const common = { groupId: options.groupId, headerNaming: wireFormat.headerNaming };
    const ages = new OldestAges(common);
    return new ProgressWatch({
      ...common,
      stallTimeoutMs: stallTimeoutOf(options),
      stopSignal,
      onOldest: (deliveries) => ages.report(deliveries),
      steps: this.#running,
      tasks: () => this.#lanes.tasks(),
      isExplained: (lane, stage) =>
        this.#availability.isWaiting(lane) || (stage === 'start' && this.#exclusive.isReporting),
    });
  }

  #createWorker(lane: string): LaneWorker {
    const { bus, options, stopSignal, onFatal } = this.#parts;
    const { ackEvery, maxDeliveries, concurrency } = options;
    return new LaneWorker({
      ackEvery,
      maxDeliveries,
      concurrency,
      exclusive: this.#exclusive,
      keyOf: concurrency === 1 ? () => '' : keyOf,
      stopSignal,
      handler: this.#handler,
      mayHandle: () => bus.mayHandle(lane),
      acknowledge: (ordinals, context) =>
        this.#availability.retry(lane, context, () => bus.acknowledge(lane, ordinals)),
      onDone: () => this.#backpressure.check(),
      onFatal,
    });
  }

  /** Pauses the lanes that wait for something unreachable, if the room is used up without that. @returns whether it still is */
  #isFullAfterPauses(): boolean {
    if (!this.#isFull()) return false;
    this.#availability.pauseWaiting();
    return this.#isFull();
  }

  /** Paused lanes do not count: they receive nothing more, and must not use up the room of the others. */
  #isFull(): boolean {
    return this.#lanes.isFull((lane) => !this.#availability.isPaused(lane));
  }
}
