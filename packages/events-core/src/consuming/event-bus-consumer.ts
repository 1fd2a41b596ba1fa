import { ConsumerFailedError, IllegalStateError } from '../errors/bus-errors.js';
import { reasonOf } from '../errors/events-error.js';
import { andThen } from '../runtime/and-then.js';
import { deferred } from '../runtime/deferred.js';
import type { Health } from '../runtime/health.js';
import { runtime } from '../runtime/runtime.js';
import type { EventCodec } from '../wire/codec.js';
import type { Message } from '../wire/message.js';
import type { WireFormat } from '../wire/wire-format.js';
import { assertNotOwnDeadLetters } from './assert-not-own-dead-letters.js';
import { WaitingRoom } from './backpressure.js';
import type { Consumer, ConsumerState } from './contract/consumer.js';
import type { ResolvedConsumerOptions } from './contract/consumer-options.js';
import type { Delivery } from './contract/delivery.js';
import type { Turn } from './contract/handling-context.js';
import { Availability } from './failures/availability.js';
import { FailureStreak } from './failures/failure-streak.js';
import { Lanes } from './lanes/consumer-lanes.js';
import { keyOf } from './lanes/delivery-key.js';
import { CarefulTurns } from './lanes/exclusive-gate.js';
import { LaneWorker } from './lanes/lane-worker.js';
import { Deadlines } from './processing/deadlines.js';
import { DeliveryHandler, type Outcome } from './processing/delivery-handler.js';
import { receiveUntilStopped } from './receive-loop.js';
import { warnOfUnusedPolicies } from './warn-of-unused-policies.js';

/**
 * The consumer of every bus, and the one consume loop: receive, then identify, decode, dispatch and decide
 * (`DeliveryHandler`), then acknowledge. A bus adds four methods, and never decodes, dispatches, retries or decides.
 */
export abstract class EventBusConsumer implements Consumer {
  readonly #options: ResolvedConsumerOptions;
  readonly #availability: Availability;
  readonly #handler: DeliveryHandler;
  readonly #stopping = new AbortController();
  readonly #deadlines = new Deadlines();
  readonly #lanes: Lanes;
  readonly #turns = new CarefulTurns(({ lane, ordinal }, isBegun) =>
    this.countExclusive(lane, ordinal, isBegun),
  );
  readonly #ready = deferred();
  #state: ConsumerState = 'idle';
  #running: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  readonly #room = new WaitingRoom(() => this.#isFull());
  readonly #streak: FailureStreak;
  #fatal: { readonly error: unknown } | undefined;
  #disconnected: string | undefined = 'not connected yet';

  protected constructor(parts: {
    readonly codec: EventCodec;
    readonly wireFormat: WireFormat;
    readonly options: ResolvedConsumerOptions;
  }) {
    const { codec, wireFormat, options } = parts;
    assertNotOwnDeadLetters(options);
    this.#options = options;
    this.#lanes = new Lanes({ ...options, createWorker: (lane) => this.#createWorker(lane) });
    this.#streak = new FailureStreak(options, (error) => this.#fail(error));
    if (!options.enabled) this.#disconnected = 'the consumer is switched off (enabled: false)';
    this.#availability = new Availability({
      groupId: options.groupId,
      backoff: { initialMs: options.initialBackoffMs, maxMs: options.maxBackoffMs },
      othersGoOn: options.concurrency > 1,
      pause: (lane) => {
        this.pause(lane);
        this.#room.check();
      },
      resume: (lane) => this.resume(lane),
    });
    this.#handler = new DeliveryHandler({
      options,
      codec,
      wireFormat,
      deadlines: this.#deadlines,
      availability: this.#availability,
      publishDeadLetter: (message) => this.publishDeadLetter(message),
    });
  }

  // #region port
  /**
   * Connects, fixes the group's position, yields an empty batch to say so, then yields deliveries as they come until
   * the signal fires. When it throws an `InfrastructureError` it is called again after a while, so a bus need not
   * reconnect by itself. What it yielded stays in hand: it must not come again before `drainLane` was called.
   */
  protected abstract receive(abortSignal: AbortSignal): AsyncIterable<readonly Delivery[]>;

  /** Tells the broker that the group need not see these again. In a lane, ordinals come in the order of their deliveries. */
  protected abstract acknowledge(lane: string, ordinals: readonly number[]): Promise<void>;

  /** Writes a dead letter and resolves when the broker has accepted it. */
  protected abstract publishDeadLetter(message: Message): Promise<void>;

  /** Lets go of everything this consumer opened. Called once. */
  protected abstract release(): Promise<void>;
  // #endregion port

  /** Gives the lanes back to the group. Called when `run` ends, once nothing is in hand any more. */
  protected async leave(): Promise<void> {}

  /**
   * Asks the broker for nothing more of a lane until `resume`; a bus that cannot may go on. A lane that was taken away
   * is not resumed: it begins unpaused wherever it comes again.
   */
  protected pause(_lane: string): void {}

  /** Takes `pause` back. */
  protected resume(_lane: string): void {}

  /**
   * For buses that count deliveries: an event of the third or a later one is begun now, with nothing else in hand in
   * this consumer, so that its count is one more; or not any more (`isBegun` false), although it is not finished.
   * Resolves when the broker has it in writing: the process may not live to tell.
   */
  protected countExclusive(_lane: string, _ordinal: number, _isBegun: boolean): void | Promise<void> {}

  /**
   * Whether a lane is still this consumer's; asked before each event, and before one is tried again. For buses whose hold
   * on a lane runs out by time: a process that was frozen must not go on where it was. With a no, what is in hand of the
   * lane is abandoned.
   */
  protected mayHandle(_lane: string): boolean {
    return true;
  }

  /**
   * For buses whose broker takes a lane away: lets go of what has not begun and waits until what has begun is finished
   * and acknowledged, for at most `drainTimeoutMs`; then aborts it.
   */
  protected async drainLane(lane: string): Promise<void> {
    await this.#lanes.drainOne(lane);
    this.#availability.forget(lane);
  }

  /** How many deliveries of a lane are to be handled yet; for buses that keep room for other lanes. */
  protected waitingIn(lane: string): number {
    return this.#lanes.waitingIn(lane);
  }

  get state(): ConsumerState {
    return this.#state;
  }

  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  run(options: { readonly abortSignal?: AbortSignal } = {}): Promise<void> {
    if (this.#state === 'stopped' && this.#running === undefined) return Promise.resolve();
    if (this.#state !== 'idle') return Promise.reject(new IllegalStateError('run', this.#state));
    this.#setState('running');
    warnOfUnusedPolicies(this.#options);
    this.#running = this.#run(options.abortSignal);
    return this.#running;
  }

  stop(): void {
    if (this.#state === 'idle') {
      this.#setState('stopped');
      this.#ready.reject(new IllegalStateError('wait until ready', 'stopped'));
    }
    if (this.#state !== 'running') return;
    this.#setState('stopping');
    this.#stopping.abort();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  health(): Health {
    const reasons = [...this.#availability.reasons];
    if (this.#fatal !== undefined) reasons.unshift(reasonOf(this.#fatal.error));
    if (this.#state !== 'running') reasons.unshift(`the consumer is ${this.#state}`);
    else if (this.#disconnected !== undefined) reasons.unshift(this.#disconnected);
    return { live: this.#state !== 'failed', ready: reasons.length === 0, reasons };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    this.stop();
    await this.#running?.catch(() => {}); // whoever called run has the error
    await this.release();
  }

  async #run(abortSignal: AbortSignal | undefined): Promise<void> {
    const stop = () => this.stop();
    if (abortSignal?.aborted) stop();
    abortSignal?.addEventListener('abort', stop, { once: true });
    try {
      await (this.#options.enabled ? this.#receiveUntilStopped() : this.#untilStopped());
    } catch (error) {
      this.#fatal ??= { error };
    } finally {
      abortSignal?.removeEventListener('abort', stop);
    }
    this.#stopping.abort();
    await this.#lanes.drainAll();
    this.#deadlines.close();
    if (this.#options.enabled) await this.#leave();
    if (this.#fatal === undefined) {
      this.#setState('stopped');
      this.#ready.reject(new IllegalStateError('wait until ready', 'stopped'));
      return;
    }
    this.#setState('failed');
    const { error } = this.#fatal;
    const { groupId } = this.#options;
    const failure = ConsumerFailedError.of(error, groupId);
    runtime().logger.error({ err: error, groupId }, 'the consumer stopped with an error');
    this.#ready.reject(failure);
    throw failure;
  }

  /** The life of a consumer that is switched off. */
  async #untilStopped(): Promise<void> {
    const { groupId, topics } = this.#options;
    runtime().logger.warn({ groupId, topics }, 'the consumer is switched off; its group stays where it is');
    await runtime().clock.sleep(Infinity, this.#stopping.signal);
  }

  #fail(error: unknown): void {
    this.#fatal ??= { error };
    this.#stopping.abort();
    this.#lanes.halt();
  }

  /** A group that cannot be told finds out by itself; what was handled stays handled. */
  async #leave(): Promise<void> {
    try {
      await this.leave();
    } catch (error) {
      runtime().logger.warn({ err: error, groupId: this.#options.groupId }, 'leaving the group failed');
    }
  }

  #receiveUntilStopped(): Promise<void> {
    const { signal } = this.#stopping;
    return receiveUntilStopped({
      options: this.#options,
      stopSignal: signal,
      receive: (abortSignal) => this.receive(abortSignal),
      onDeliveries: async (deliveries) => {
        this.#disconnected = undefined;
        this.#ready.resolve();
        if (signal.aborted) return;
        this.#lanes.accept(deliveries);
        await this.#room.whileFull(signal);
      },
      onDisconnected: (reason) => {
        this.#disconnected = reason;
      },
    });
  }

  #createWorker(lane: string): LaneWorker {
    const { ackEvery, maxDeliveries, concurrency } = this.#options;
    return new LaneWorker({
      ackEvery,
      maxDeliveries,
      concurrency,
      turns: this.#turns,
      keyOf: concurrency === 1 ? () => '' : keyOf,
      stopSignal: this.#stopping.signal,
      handle: (delivery, turn) => this.#handle(delivery, turn),
      mayHandle: () => this.mayHandle(lane),
      acknowledge: (ordinals, turn) =>
        this.#availability.until(lane, turn, () => this.acknowledge(lane, ordinals)),
      onDone: () => this.#room.check(),
      onFatal: (error) => this.#fail(error),
    });
  }

  #handle(delivery: Delivery, turn: Turn): Outcome | Promise<Outcome> {
    return andThen(this.#handler.handle(delivery, turn), (outcome) => {
      this.#streak.count(outcome);
      return outcome;
    });
  }

  /** Lanes that are paused do not count: they get nothing more, and must not keep the others from theirs. */
  #isFull(): boolean {
    const isFull = () => this.#lanes.isFull((lane) => !this.#availability.isPaused(lane));
    if (!isFull()) return false;
    this.#availability.pauseHeld();
    return isFull();
  }

  #setState(state: ConsumerState): void {
    this.#state = state;
    runtime().telemetry.record({ type: 'consumer.state', groupId: this.#options.groupId, state });
  }
}
