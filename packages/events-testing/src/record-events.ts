import type { OpenEdxPublicSignal, PayloadFields, SignalEvent } from '@openedx-ts/events-core';
import { describeNearest } from './describe-mismatches.js';
import { EventNotReceivedError } from './event-not-received-error.js';
import { dataMatcher } from './match-data.js';
import type { PartialData } from './partial-data.js';
import { realTime } from './real-time.js';

/** How long to wait. */
export interface WaitOptions {
  /** @defaultValue that of the recorder, 1000 */
  readonly timeoutMs?: number;
}

/**
 * Writes down the events of a signal, and lets a test wait for them instead of for time to pass. Iterating takes events
 * as `next` does, without a time limit, until the recorder is disposed of.
 */
export interface EventRecorder<F extends PayloadFields = PayloadFields>
  extends Disposable,
    AsyncIterable<SignalEvent<F>> {
  readonly signal: OpenEdxPublicSignal<F>;
  /** Everything that came so far, in order. */
  readonly events: readonly SignalEvent<F>[];
  /** The next event that no call took before, as soon as it is there. @throws EventNotReceivedError */
  next(options?: WaitOptions): Promise<SignalEvent<F>>;
  /** The next so many events. @throws EventNotReceivedError */
  take(count: number, options?: WaitOptions): Promise<readonly SignalEvent<F>[]>;
  /** All events, once so many have come in all; takes none. @throws EventNotReceivedError */
  count(count: number, options?: WaitOptions): Promise<readonly SignalEvent<F>[]>;
  /**
   * The first event, of those that came and those to come, that has this data or satisfies this; takes none.
   *
   * @throws EventNotReceivedError that shows where the nearest event differs, when data was given
   * @throws InvalidDataError when the signal could never carry such data
   */
  matching(
    expected: PartialData<F> | ((event: SignalEvent<F>) => boolean),
    options?: WaitOptions,
  ): Promise<SignalEvent<F>>;
}

/** Connects a recorder behind the receivers of a signal; `using` disconnects it at the end of a scope. */
export function recordEvents<F extends PayloadFields>(
  signal: OpenEdxPublicSignal<F>,
  options: WaitOptions = {},
): EventRecorder<F> {
  return new Recorder(signal, options.timeoutMs ?? 1_000);
}

class Recorder<F extends PayloadFields> implements EventRecorder<F> {
  readonly signal: OpenEdxPublicSignal<F>;
  readonly #events: SignalEvent<F>[] = [];
  readonly #timeoutMs: number;
  readonly #looks = new Set<() => void>();
  readonly #disposed = new AbortController();
  #taken = 0;

  constructor(signal: OpenEdxPublicSignal<F>, timeoutMs: number) {
    this.signal = signal;
    this.#timeoutMs = timeoutMs;
    const recorder = (event: SignalEvent<F>) => {
      this.#events.push(event);
      for (const look of [...this.#looks]) look();
    };
    signal.connect(recorder, { abortSignal: this.#disposed.signal });
  }

  get events(): readonly SignalEvent<F>[] {
    return this.#events;
  }

  next(options: WaitOptions = {}): Promise<SignalEvent<F>> {
    const wait = { wanted: 'no further event', look: () => this.#takeOne(), caller: this.next };
    return this.#wait(wait, options.timeoutMs ?? this.#timeoutMs);
  }

  take(count: number, options?: WaitOptions): Promise<readonly SignalEvent<F>[]> {
    const look = () => {
      if (this.#events.length < this.#taken + count) return undefined;
      this.#taken += count;
      return this.#events.slice(this.#taken - count, this.#taken);
    };
    const wait = { wanted: `not ${count} further event(s)`, look, caller: this.take };
    return this.#wait(wait, options?.timeoutMs ?? this.#timeoutMs);
  }

  count(count: number, options?: WaitOptions): Promise<readonly SignalEvent<F>[]> {
    const look = () => (this.#events.length < count ? undefined : [...this.#events]);
    const wait = { wanted: `not ${count} event(s)`, look, caller: this.count };
    return this.#wait(wait, options?.timeoutMs ?? this.#timeoutMs);
  }

  async matching(
    expected: PartialData<F> | ((event: SignalEvent<F>) => boolean),
    options?: WaitOptions,
  ): Promise<SignalEvent<F>> {
    const matcher = typeof expected === 'function' ? undefined : dataMatcher(this.signal, expected);
    const isWanted =
      typeof expected === 'function' ? expected : ({ data }: SignalEvent<F>) => matcher?.(data).length === 0;
    let seen = 0;
    const look = () => {
      while (seen < this.#events.length) {
        const event = this.#events[seen++] as SignalEvent<F>;
        if (isWanted(event)) return event;
      }
      return undefined;
    };
    const nearest = () => (matcher === undefined ? '' : describeNearest(this.#events, matcher));
    const wait = { wanted: 'no event that matches', look, nearest, caller: this.matching };
    return this.#wait(wait, options?.timeoutMs ?? this.#timeoutMs);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<SignalEvent<F>, undefined> {
    for (;;) {
      const event = this.#takeOne() ?? (await this.#nextOrEnd());
      if (event === undefined) return;
      yield event;
    }
  }

  [Symbol.dispose](): void {
    this.#disposed.abort();
  }

  #takeOne(): SignalEvent<F> | undefined {
    const event = this.#events[this.#taken];
    if (event !== undefined) this.#taken += 1;
    return event;
  }

  async #nextOrEnd(): Promise<SignalEvent<F> | undefined> {
    try {
      const wait = { wanted: '', look: () => this.#takeOne(), caller: this.#nextOrEnd };
      return await this.#wait(wait, undefined);
    } catch {
      return undefined; // without a time limit only the end of the recorder ends the wait
    }
  }

  #wait<T>({ wanted, look, nearest, caller }: Wait<T>, timeoutMs: number | undefined): Promise<T> {
    const found = look();
    if (found !== undefined) return Promise.resolve(found);
    const place = placeOfCall(caller);
    return new Promise((resolve, reject) => {
      let cancel = () => {};
      const { signal: disposed } = this.#disposed;
      const end = () => {
        this.#looks.delete(lookAgain);
        disposed.removeEventListener('abort', onDisposed);
        cancel();
      };
      const lookAgain = () => {
        try {
          const result = look();
          if (result === undefined) return;
          resolve(result);
        } catch (error) {
          reject(error); // to the test: thrown here it would fail the event for its sender or its consumer
        }
        end();
      };
      const fail = (why: string) => {
        end();
        const error = new EventNotReceivedError(
          this.signal.eventType,
          this.#events.length,
          `${wanted} ${why}`,
          nearest?.(),
        );
        error.stack = `${error.name}: ${error.message}\n${place}`;
        reject(error);
      };
      const onDisposed = () => fail('before the recorder was disposed of');
      if (disposed.aborted) return onDisposed();
      this.#looks.add(lookAgain);
      disposed.addEventListener('abort', onDisposed, { once: true });
      if (timeoutMs === undefined) return;
      cancel = realTime.after(timeoutMs, () => {
        fail(`within ${timeoutMs} ms${this.signal.enabled ? '' : ' (the signal is disabled)'}`);
      });
    });
  }
}

/** What a call waits for. */
interface Wait<T> {
  readonly wanted: string;
  readonly look: () => T | undefined;
  /** Of events that differ: the nearest, in words. */
  readonly nearest?: () => string;
  /** The method that a test has called. */
  readonly caller: (...args: never[]) => unknown;
}

/** The stack from the line that has called `caller`: when the time is up, a timer is all that is on the stack. */
function placeOfCall(caller: Wait<unknown>['caller']): string {
  const place: { stack?: string } = {};
  Error.captureStackTrace(place, caller);
  return place.stack?.split('\n').slice(1).join('\n') ?? '';
}
