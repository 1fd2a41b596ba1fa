import { IllegalStateError } from '../errors/bus-errors.js';
import { deferred } from '../runtime/deferred.js';
import type { Health } from '../runtime/health.js';
import type { EventCodec } from '../wire/codec.js';
import type { Message } from '../wire/message.js';
import type { WireFormat } from '../wire/wire-format.js';
import { assertNotOwnDeadLetters } from './assert-not-own-dead-letters.js';
import { ConsumerStatus } from './consumer-status.js';
import { DeliveryPipeline } from './delivery-pipeline.js';
import { idleUntilStopped } from './idle-until-stopped.js';
import { leaveGracefully } from './leave-gracefully.js';
import { receiveUntilStopped } from './receive-until-stopped.js';
import type { Consumer, ConsumerState } from './types/consumer.js';
import type { ResolvedConsumerOptions } from './types/consumer-options.js';
import type { Delivery } from './types/delivery.js';
import { warnOfUnusedPolicies } from './warn-of-unused-policies.js';

/**
 * The consumer of every bus, and the only consume loop: it receives, decodes, runs the receivers, decides about failures
 * and acknowledges (`DeliveryPipeline`). A bus extends it with the four abstract methods, and with those of the others
 * that its broker needs. A bus moves messages; it never decodes, runs receivers, retries or decides.
 */
export abstract class EventBusConsumer implements Consumer {
  readonly #options: ResolvedConsumerOptions;
  readonly #pipeline: DeliveryPipeline;
  readonly #status: ConsumerStatus;
  readonly #stopping = new AbortController();
  readonly #closed = deferred();
  #running: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  protected constructor(parts: {
    readonly codec: EventCodec;
    readonly wireFormat: WireFormat;
    readonly options: ResolvedConsumerOptions;
    /** The name of the bus in metrics and spans. @defaultValue that of its header names: `kafka` or `redis` */
    readonly system?: string;
  }) {
    const { options, system = parts.wireFormat.headerNaming } = parts;
    assertNotOwnDeadLetters(options);
    this.#options = options;
    this.#status = new ConsumerStatus(options);
    this.#pipeline = new DeliveryPipeline({
      ...parts,
      system,
      bus: {
        acknowledge: (lane, ordinals) => this.acknowledge(lane, ordinals),
        acknowledgeAhead: (lane, ordinals) => this.acknowledgeAhead(lane, ordinals),
        publishDeadLetter: (message) => this.publishDeadLetter(message),
        pause: (lane) => this.pause(lane),
        resume: (lane) => this.resume(lane),
        countExclusive: (lane, ordinal, isProcessing) => this.countExclusive(lane, ordinal, isProcessing),
        mayHandle: (lane) => this.mayHandle(lane),
      },
      stopSignal: this.#stopping.signal,
      onFatal: (error) => this.#fail(error),
    });
  }

  // #region port
  /**
   * Connects, joins the group, yields an empty batch once the group's position is fixed, and then yields deliveries until
   * the signal fires. Each lane's deliveries come in ascending order of their ordinals. The next batch is asked for when
   * the consumer has room, so an implementation may prefetch, within bounds of its own.
   *
   * A yielded delivery is owned by the consumer: it must not be yielded again until `drainLane` has resolved for its lane,
   * or its `abortSignal` has fired. Deliveries that are not acknowledged by then belong to the group again.
   *
   * Called again, after a backoff, when the iteration ends or throws an `InfrastructureError`, so that a bus need not
   * reconnect by itself; never twice at the same time.
   *
   * @throws InfrastructureError when the broker is unreachable; any other error stops the consumer
   */
  protected abstract receive(abortSignal: AbortSignal): AsyncIterable<readonly Delivery[]>;

  /**
   * Acknowledges deliveries of one lane, so that the group does not receive them again. Called with every ordinal once and
   * in the order in which they were yielded, never out of order and with one call per lane at a time; also while the lane
   * is being drained, but not after that and not for a lane whose `abortSignal` has fired.
   *
   * @throws InfrastructureError when the broker is unreachable: the call is repeated; any other error stops the consumer
   */
  protected abstract acknowledge(lane: string, ordinals: readonly number[]): Promise<void>;

  /**
   * Writes a dead letter to its topic, and resolves when the broker has accepted it. May be called for several lanes at
   * the same time, and again for the same dead letter.
   *
   * @throws InfrastructureError when the broker is unreachable: the call is repeated
   * @throws ProduceFailedError with `isTooLarge` when broker or topic take no message of that size: the dead letter is then
   * written without its value
   * @throws any other error stops the consumer
   */
  protected abstract publishDeadLetter(message: Message): Promise<void>;

  /** Closes all connections of this consumer. Called once, after `run` has ended, and even if it was never called. */
  protected abstract release(): Promise<void>;
  // #endregion port

  /**
   * Leaves the group, so that others are assigned this consumer's lanes at once. Called when `run` ends, after every lane
   * was drained. An error is logged and has no other effect.
   */
  protected async leave(): Promise<void> {}

  /**
   * Acknowledges deliveries behind one that was abandoned, which belongs to the group again: only that one must be
   * delivered again. Called at most once when a lane is drained, after its last `acknowledge`, with ordinals in ascending
   * order; at a crash it is not called. It is waited for at most two seconds, and an error is logged: without it these
   * deliveries come again. Without an override they always do.
   */
  protected acknowledgeAhead(_lane: string, _ordinals: readonly number[]): void | Promise<void> {}

  /**
   * Stops fetching from a lane until `resume` is called; deliveries may still come. A lane that is lost is not resumed: it
   * is not paused when it is assigned again. Must not throw.
   */
  protected pause(_lane: string): void {}

  /** Reverts `pause`. Must not throw. */
  protected resume(_lane: string): void {}

  /**
   * For buses that count deliveries. With true, an event whose `deliveryCount` is `FIRST_EXCLUSIVE_DELIVERY` or more is
   * about to be processed, and nothing else in this consumer is: its delivery counts from now on. With false, that is taken
   * back, because the event backs off, waits for something unreachable or exceeded `exclusiveTimeoutMs`. Must resolve when
   * the broker has stored the count, since the process may crash right after, and reject rather than wait without limit.
   * An error is logged once; the event is processed all the same.
   */
  protected countExclusive(_lane: string, _ordinal: number, _isProcessing: boolean): void | Promise<void> {}

  /**
   * Returns whether this consumer still owns a lane. Asked before a delivery is processed, and when it has backed off. For
   * buses whose ownership expires with time, because a process that was frozen must not continue where it stopped. With
   * false, every delivery of the lane is aborted and abandoned: the bus must release the lane, and yield them again before
   * later ones if it is assigned to this consumer again. Must not throw.
   */
  protected mayHandle(_lane: string): boolean {
    return true;
  }

  /**
   * Reports whether events of a lane wait in the broker that it has not yielded, for `stallTimeoutMs`: a consumer whose
   * broker has such events, and is asked for them, and yields none, is not ready. Call it with every measurement of the
   * lag, which must not depend on `receive`, and only for lanes that this consumer owns now. Without it, a `receive` that
   * stands still is not noticed. Must not be called after `release`.
   */
  protected reportUnread(lane: string, hasUnread: boolean): void {
    this.#pipeline.reportUnread(lane, hasUnread);
  }

  /**
   * Hands a lane back, for buses whose broker reassigns lanes: abandons what has not started, and resolves when what has
   * started is acknowledged, or was aborted after `drainTimeoutMs`. Until then `acknowledge` may be called for it. Never
   * rejects. Afterwards the lane may be yielded again, from its first unacknowledged delivery on.
   */
  protected drainLane(lane: string): Promise<void> {
    return this.#pipeline.drainLane(lane);
  }

  /** Returns how many deliveries of a lane wait to be processed, for buses that divide their buffer between lanes. */
  protected waitingIn(lane: string): number {
    return this.#pipeline.waitingIn(lane);
  }

  /** Returns the size in bytes of the deliveries of a lane that wait or are being processed, for the same buses. */
  protected bytesIn(lane: string): number {
    return this.#pipeline.bytesIn(lane);
  }

  get state(): ConsumerState {
    return this.#status.state;
  }

  get ready(): Promise<void> {
    return this.#status.ready;
  }

  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  run(options: { readonly abortSignal?: AbortSignal } = {}): Promise<void> {
    if (this.state === 'stopped' && this.#running === undefined) return Promise.resolve();
    if (this.state !== 'idle') return Promise.reject(new IllegalStateError('run', this.state));
    this.#status.change('running');
    warnOfUnusedPolicies(this.#options);
    this.#running = this.#run(options.abortSignal);
    return this.#running;
  }

  stop(): void {
    if (this.state === 'idle') this.#status.end();
    if (this.state !== 'running') return;
    this.#status.change('stopping');
    this.#stopping.abort();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close().finally(() => this.#closed.resolve());
    return this.#closing;
  }

  health(): Health {
    return this.#status.health(this.#pipeline.reasons);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    this.stop();
    await this.#running?.catch(() => {}); // the caller of run has the error
    await this.release();
  }

  async #run(abortSignal: AbortSignal | undefined): Promise<void> {
    const { signal } = this.#stopping;
    const stop = () => this.stop();
    if (abortSignal?.aborted) stop();
    abortSignal?.addEventListener('abort', stop, { once: true });
    try {
      await (this.#options.enabled ? this.#receiveUntilStopped() : idleUntilStopped(this.#options, signal));
    } catch (error) {
      this.#status.fail(error);
    } finally {
      abortSignal?.removeEventListener('abort', stop);
    }
    this.#stopping.abort();
    await this.#pipeline.close();
    if (this.#options.enabled) await leaveGracefully(() => this.leave(), this.#options.groupId);
    this.#status.end();
  }

  #fail(error: unknown): void {
    this.#status.fail(error);
    this.#stopping.abort();
    this.#pipeline.halt();
  }

  #receiveUntilStopped(): Promise<void> {
    const { signal } = this.#stopping;
    return receiveUntilStopped({
      options: this.#options,
      stopSignal: signal,
      receive: (abortSignal) => this.receive(abortSignal),
      onDeliveries: async (deliveries) => {
        this.#status.connected();
        if (signal.aborted) return;
        await this.#pipeline.accept(deliveries);
      },
      onDisconnected: (reason) => {
        this.#status.disconnected(reason);
        this.#pipeline.disconnected();
      },
    });
  }
}
