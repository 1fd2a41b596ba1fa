import { FailureLog } from '../../runtime/failure-log.js';
import { runtime } from '../../runtime/runtime.js';
import type { HeaderNaming } from '../../wire/headers.js';
import { namedEventType } from '../../wire/named-event-type.js';
import type { Delivery } from '../types/delivery.js';
import type { RunningStep, RunningSteps } from './running-steps.js';
import { type Stall, stallReason } from './stall.js';
import { UnreadLanes } from './unread-lanes.js';

export interface ProgressWatchOptions {
  readonly groupId: string;
  readonly headerNaming: HeaderNaming;
  /** `Infinity` for no watch. */
  readonly stallTimeoutMs: number;
  /** Ends the watch. */
  readonly stopSignal: AbortSignal;
  readonly steps: RunningSteps;
  /** What each lane with unfinished deliveries must finish next. */
  readonly tasks: () => Iterable<WatchedTask>;
  /** Whether `health()` gives another reason why a lane, or in this stage, makes no progress. */
  readonly isExplained: (lane: string, stage: Stall['stage']) => boolean;
  /** Called at each look with the oldest unfinished delivery of each lane that has one. */
  readonly onOldest?: (deliveries: ReadonlyMap<string, Delivery>) => void;
}

/** An acknowledgement or a delivery; see `LaneTask`. */
export interface WatchedTask {
  readonly lane: string;
  readonly subject: object;
  readonly delivery?: Delivery;
  readonly isWaiting?: boolean;
}

/**
 * Notices that a lane makes no progress while events wait, whatever the cause, and reports where it stands still. It looks
 * at the lanes now and then, so that an event costs nothing: a lane stalls when every look of `stallTimeoutMs` finds the
 * same step of the same event, or the same acknowledgement, or when the bus reports unread events for so long. What a
 * limit or a policy allows is no stall: a receiver within its time, a back off, waiting for something unreachable.
 */
export class ProgressWatch {
  readonly #options: ProgressWatchOptions;
  readonly #everyMs: number;
  readonly #unread = new UnreadLanes();
  /** By the subject of each task that the last look has found. */
  #tasks: ReadonlyMap<object, SeenTask> = new Map();
  #stalls: ReadonlyMap<string, Stall> = new Map();
  /** By lane, for as long as the lane is this consumer's. */
  readonly #logs = new Map<string, FailureLog>();
  #isWatching = false;
  /** For how long the watch ran. Time in which the process was frozen does not count. */
  #elapsedMs = 0;
  #lookedAt = 0;

  constructor(options: ProgressWatchOptions) {
    this.#options = options;
    this.#everyMs = Math.min(LOOK_EVERY_MS, options.stallTimeoutMs / 4);
  }

  /** Why lanes make no progress, for `health()`. */
  get reasons(): readonly string[] {
    if (this.#isWatching) this.#look();
    return Array.from(this.#stalls.values(), stallReason);
  }

  /** Notes that deliveries have arrived; until `asked` is called, the broker is asked for nothing more. */
  received(deliveries: readonly Delivery[]): void {
    this.#unread.received(deliveries);
    if (deliveries.length > 0) this.#start();
  }

  /** Notes that the broker is asked for more. */
  asked(): void {
    this.#unread.asked();
  }

  /** Notes that the broker is unreachable, which `health()` reports. */
  disconnected(): void {
    this.#unread.disconnected();
  }

  /** Notes whether the broker has events of a lane that it has not returned. */
  reportUnread(lane: string, hasUnread: boolean): void {
    if (hasUnread) this.#start();
    if (!this.#isWatching) return;
    this.#countTime();
    this.#unread.report(lane, hasUnread, this.#elapsedMs);
  }

  /** Forgets a lane that was lost or drained. */
  forget(lane: string): void {
    this.#unread.delete(lane);
    this.#logs.delete(lane);
    this.#stalls = new Map([...this.#stalls].filter(([stalled]) => stalled !== lane));
  }

  #start(): void {
    const { stallTimeoutMs, stopSignal } = this.#options;
    if (this.#isWatching || stopSignal.aborted || stallTimeoutMs === Number.POSITIVE_INFINITY) return;
    this.#isWatching = true;
    this.#lookedAt = runtime().clock.monotonic();
    void this.#watch();
  }

  /** Looks until no event waits. */
  async #watch(): Promise<void> {
    const { stopSignal } = this.#options;
    do {
      await runtime().clock.sleep(this.#everyMs, stopSignal);
      if (stopSignal.aborted) break;
      this.#look();
    } while (this.#tasks.size > 0 || this.#unread.size > 0);
    this.#isWatching = false;
    if (!stopSignal.aborted) return;
    this.#stalls = new Map(); // health reports that the consumer stops
    this.#options.onOldest?.(new Map());
  }

  #countTime(): void {
    const now = runtime().clock.monotonic();
    this.#elapsedMs += Math.min(now - this.#lookedAt, 2 * this.#everyMs);
    this.#lookedAt = now;
  }

  #look(): void {
    this.#countTime();
    const tasks = new Map<object, SeenTask>();
    const stalls = new Map<string, Stall>();
    const oldest = new Map<string, Delivery>();
    for (const task of this.#options.tasks()) {
      const { lane, subject, delivery } = task;
      this.#unread.delete(lane); // whether more can be read shows once its events are finished
      if (delivery !== undefined) oldest.set(lane, delivery);
      const seen = this.#seen(task);
      tasks.set(subject, seen);
      const { stage, step, sinceMs } = seen;
      const durationMs = this.#elapsedMs - sinceMs;
      if (stage === undefined || durationMs <= this.#limitMs(step) || stalls.has(lane)) continue;
      const at = { position: delivery?.position, message: delivery?.message, receiver: step?.receiver };
      stalls.set(lane, { lane, stage, ...at, durationMs });
    }
    for (const [lane, durationMs] of this.#unread.durations) {
      if (this.#options.isExplained(lane, 'read')) this.#unread.delete(lane);
      else if (durationMs > this.#options.stallTimeoutMs)
        stalls.set(lane, { lane, stage: 'read', durationMs });
    }
    this.#tasks = tasks;
    this.#report(stalls);
    this.#options.onOldest?.(oldest);
  }

  /** Compares a task with the last look. One whose wait has another reason starts anew. */
  #seen(task: WatchedTask): SeenTask {
    const step = task.delivery && this.#options.steps.of(task.delivery);
    const stage = stageOf(task, step);
    const before = this.#tasks.get(task.subject);
    const isSame = before !== undefined && before.step === step && before.stage === stage;
    if (stage === undefined || this.#options.isExplained(task.lane, stage) || !isSame)
      return { stage, step, sinceMs: this.#elapsedMs };
    return before;
  }

  #limitMs(step: RunningStep | undefined): number {
    const { stallTimeoutMs } = this.#options;
    if (step?.limitMs === undefined) return stallTimeoutMs;
    return Math.max(stallTimeoutMs, step.limitMs + NOTICED_LATE_MS);
  }

  #report(stalls: ReadonlyMap<string, Stall>): void {
    const before = this.#stalls;
    this.#stalls = stalls;
    for (const [lane, stall] of stalls) if (!before.has(lane)) this.#reportStall(stall);
    for (const lane of before.keys()) if (!stalls.has(lane)) this.#logs.get(lane)?.recovered();
  }

  #reportStall(stall: Stall): void {
    const { groupId, headerNaming } = this.#options;
    const { lane, stage, position, receiver, message } = stall;
    runtime().telemetry.record({
      type: 'consumer.stalled',
      lane,
      groupId,
      stage,
      receiver: receiver ?? null,
      eventType: message === undefined ? null : namedEventType(message.headers, headerNaming),
    });
    const log = this.#logs.get(lane) ?? new FailureLog({ ...texts, facts: { lane, groupId } });
    this.#logs.set(lane, log);
    log.failed(new Error(stallReason(stall)), { stage, position });
  }
}

interface SeenTask {
  /** Undefined while it backs off. */
  readonly stage: Stall['stage'] | undefined;
  readonly step: RunningStep | undefined;
  /** The first look that has found it, by `#elapsedMs`. */
  readonly sinceMs: number;
}

/** A delivery without a step waits for its start, or is between two steps of its receivers. */
function stageOf({ delivery, isWaiting }: WatchedTask, step?: RunningStep): Stall['stage'] | undefined {
  if (delivery === undefined) return 'acknowledgement';
  if (step === undefined) return isWaiting ? 'start' : 'receiver';
  return step.stage === 'back-off' ? undefined : step.stage;
}

const texts = {
  failing: 'a lane makes no progress although events wait; see the reason',
  recovered: 'a lane makes progress again',
};

const LOOK_EVERY_MS = 1_000;

/** A receiver's time limit takes effect up to a second late, and later where the process is busy. */
const NOTICED_LATE_MS = 10_000;
