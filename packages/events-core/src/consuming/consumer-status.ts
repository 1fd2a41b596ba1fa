import { ConsumerFailedError, IllegalStateError } from '../errors/bus-errors.js';
import { reasonOf } from '../errors/events-error.js';
import { deferred } from '../runtime/deferred.js';
import type { Health } from '../runtime/health.js';
import { runtime } from '../runtime/runtime.js';
import type { ConsumerState } from './types/consumer.js';
import type { ResolvedConsumerOptions } from './types/consumer-options.js';

/** The state of one consumer, its connection and the error that ends it, from which `ready` and `health()` follow. */
export class ConsumerStatus {
  readonly #groupId: string;
  readonly #ready = deferred();
  #state: ConsumerState = 'idle';
  #fatal: { readonly error: unknown } | undefined;
  #disconnected: string | undefined = 'not connected yet';

  constructor({ groupId, enabled }: Pick<ResolvedConsumerOptions, 'groupId' | 'enabled'>) {
    this.#groupId = groupId;
    if (!enabled) this.#disconnected = 'the consumer is switched off (enabled: false)';
  }

  get state(): ConsumerState {
    return this.#state;
  }

  /** Resolves with the first connection; rejects when the consumer ends before that. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  change(state: ConsumerState): void {
    this.#state = state;
    runtime().telemetry.record({ type: 'consumer.state', groupId: this.#groupId, state });
  }

  /** Notes that the broker has answered. */
  connected(): void {
    this.#disconnected = undefined;
    this.#ready.resolve();
  }

  disconnected(reason: string): void {
    this.#disconnected = reason;
  }

  /** Notes the error that must stop the consumer. Later ones follow from the first and change nothing. */
  fail(error: unknown): void {
    this.#fatal ??= { error };
  }

  /** Changes to the last state. @throws ConsumerFailedError after `fail` */
  end(): void {
    if (this.#fatal === undefined) {
      this.change('stopped');
      this.#ready.reject(new IllegalStateError('wait until ready', 'stopped'));
      return;
    }
    this.change('failed');
    const { error } = this.#fatal;
    const failure = ConsumerFailedError.of(error, this.#groupId);
    runtime().logger.error({ err: error, groupId: this.#groupId }, 'the consumer stopped with an error');
    this.#ready.reject(failure);
    throw failure;
  }

  /** @param reasons why the consumer is not ready, apart from its state, its connection and its error */
  health(reasons: readonly string[]): Health {
    const all = [...reasons];
    if (this.#fatal !== undefined) all.unshift(reasonOf(this.#fatal.error));
    if (this.#state !== 'running') all.unshift(`the consumer is ${this.#state}`);
    else if (this.#disconnected !== undefined) all.unshift(this.#disconnected);
    return { live: this.#state !== 'failed', ready: all.length === 0, reasons: all };
  }
}
