import { reasonOf } from '../errors/events-error.js';
import { deferred } from '../runtime/deferred.js';
import type { Message } from '../wire/message.js';
import { BatchCall, type FramedSend } from './batch-call.js';
import { LaneQueues } from './lane-queues.js';
import type { PublishOutcome } from './publish-outcome.js';
import { SendQueue, type SendQueueOptions } from './send-queue.js';
import type { WaitingSend } from './waiting-send.js';

export interface TopicQueueOptions extends SendQueueOptions {
  /** The lane of a message, such as its partition; undefined where it is not known. */
  readonly laneOf: (message: Message) => string | undefined;
}

/**
 * The sends to a topic that has lanes. A lane that fails for a reason that may pass, or does not answer when others have,
 * gets a queue of its own until that is empty, and the others go on.
 */
export class TopicQueue extends SendQueue {
  readonly #laneOf: TopicQueueOptions['laneOf'];
  readonly #lanes: LaneQueues;
  /**
   * Calls that are not waited for any more, because only lanes with queues of their own have not answered. Each resolves
   * with whether sends came back to this queue.
   */
  readonly #lingering = new Set<Promise<boolean>>();
  #isOwnFailure = true;

  constructor(options: TopicQueueOptions) {
    super(options);
    this.#laneOf = options.laneOf;
    const { laneOf: _, ...ofLane } = options;
    this.#lanes = new LaneQueues({ ...ofLane, abort: this.aborting, failures: this.failures });
  }

  override get lastError(): string | undefined {
    return super.lastError ?? this.#lanes.lastError;
  }

  override get isIdle(): boolean {
    return super.isIdle && this.#lanes.size === 0 && this.#lingering.size === 0;
  }

  override failStopped(): void {
    super.failStopped();
    for (const lane of this.#lanes.all) lane.failStopped();
  }

  override async flush(): Promise<void> {
    await super.flush();
    // Sends that have left this queue and are not settled.
    const lanes = this.#lanes.all.map((lane) => lane.flush());
    const [haveComeBack] = await Promise.all([Promise.all(this.#lingering), Promise.all(lanes)]);
    if (haveComeBack.includes(true)) await this.flush();
  }

  override abandon(): void {
    super.abandon();
    for (const lane of this.#lanes.all) lane.abandon();
  }

  protected override noteRetryable(reason: string): void {
    if (this.#isOwnFailure) super.noteRetryable(reason);
  }

  protected override noteAccepted(): void {
    if (this.#lanes.size === 0) super.noteAccepted();
  }

  /** Moves sends to the queues of their lanes, where these have some. */
  protected override publishable(framed: readonly FramedSend[]): readonly FramedSend[] {
    const sendable = super.publishable(framed);
    if (this.#lanes.size === 0) return sendable;
    return sendable.filter(({ send, message }) => {
      const queue = this.#lanes.queueWith(send, this.#laneOf(message));
      queue?.push(send);
      return queue === undefined;
    });
  }

  /** Resolves when all outcomes are known, or those that are missing are of lanes that have queues of their own now. */
  protected override async publish(framed: readonly FramedSend[], again: Set<WaitingSend>): Promise<void> {
    const isSplit = deferred();
    const failed = new Map<WaitingSend, string | undefined>();
    let hasSplit = false;
    const settle = ({ send, message }: FramedSend, outcome: PublishOutcome) => {
      const isOfLane = !('position' in outcome) && (hasSplit || this.#laneOf(message) !== undefined);
      if (!this.#isAgain(send, outcome, isOfLane)) return;
      if (isOfLane) failed.set(send, reasonIn(outcome));
      else again.add(send);
    };
    const call = new BatchCall(framed, settle, () => {
      hasSplit = true;
      this.#split(call, ended, failed);
      isSplit.resolve();
    });
    const ended = this.call(call);
    await Promise.race([ended, isSplit.promise]);
    if (!hasSplit && failed.size > 0) this.#retry(framed, failed);
  }

  /** Settles a send; the queue pauses only for a failure of its own. */
  #isAgain(send: WaitingSend, outcome: PublishOutcome, isOfLane: boolean): boolean {
    this.#isOwnFailure = !isOfLane;
    const result = this.settle(send, outcome);
    this.#isOwnFailure = true;
    return result === 'again';
  }

  /** Moves sends that failed to the queues of their lanes, in their order. */
  #retry(framed: readonly FramedSend[], failed: ReadonlyMap<WaitingSend, string | undefined>): void {
    for (const { send, message } of framed) {
      if (!failed.has(send)) continue;
      const lane = this.#laneOf(message) ?? laneOfKey(send);
      if (lane === undefined) this.push(send);
      else this.#lanes.of(lane, send).retry(send, failed.get(send));
    }
  }

  /** Gives the lanes that have not answered queues of their own, which start with those of their sends that fail. */
  #split(
    { framed, unsettled }: BatchCall,
    ended: Promise<void>,
    failed: ReadonlyMap<WaitingSend, string | undefined>,
  ): void {
    const nameOf = ({ send, message }: FramedSend) => this.#laneOf(message) ?? laneOfKey(send);
    const silent = new Set(unsettled.map(nameOf));
    this.#retry(
      framed.filter((one) => !silent.has(nameOf(one))),
      failed,
    );
    let hasComeBack = false;
    for (const lane of silent) {
      const sends = framed.filter((one) => nameOf(one) === lane).map(({ send }) => send);
      const first = ended.then(() => sends.filter((send) => failed.has(send)));
      if (lane !== undefined) this.#lanes.open(lane, sends, first);
      else
        ended = first.then((keyless) => {
          this.putInFront(keyless);
          hasComeBack = keyless.length > 0;
        });
    }
    const lingering = ended.then(() => hasComeBack).finally(() => this.#lingering.delete(lingering));
    this.#lingering.add(lingering);
  }
}

function reasonIn(outcome: PublishOutcome): string | undefined {
  return 'error' in outcome ? reasonOf(outcome.error) : undefined;
}

/** Sends whose lane is unknown share one with others of their key; without a key no order is promised. */
function laneOfKey({ key }: WaitingSend): string | undefined {
  return key === undefined ? undefined : `key ${key}`;
}
