import type { Consumer } from '../consuming/types/consumer.js';
import type { ConsumerOptions } from '../consuming/types/consumer-options.js';
import type { Producer } from '../producing/producer.js';
import type { ProducerConfigInput } from '../routes/producer-config.js';
import type { Route } from '../routes/route.js';
import type { Health } from '../runtime/health.js';

/** A started bus. */
export interface StartedEventBus extends AsyncDisposable {
  /** Publishes events directly; undefined without a bus. */
  readonly producer: Producer | undefined;
  readonly routes: readonly Route[];
  /**
   * Puts another configuration into force, without a restart; routes given in code stay. On an error nothing changes.
   * Of calls that overlap, the last wins.
   *
   * @throws ProducerConfigurationError
   * @throws IllegalStateError after `close()`
   */
  applyProducerConfig(config: ProducerConfigInput | string): Promise<void>;
  /**
   * Makes a consumer; the bus closes it when it is closed itself.
   *
   * @throws InvalidOptionsError when the options are wrong, or there is no bus
   * @throws IllegalStateError after `close()`
   */
  createConsumer(options: ConsumerOptions): Promise<Consumer>;
  /**
   * The health of the producer, of the outbox and of all consumers that were neither stopped on purpose nor closed.
   *
   * With `requireBroker: false`, `ready` stays true while something is unreachable, and `reasons` name it: for the
   * readiness of a service whose requests succeed without the broker. Its events wait in the producer or in the outbox,
   * and taking the service out of rotation would help none of them. @defaultValue true
   */
  health(options?: { readonly requireBroker?: boolean }): Health;
  /**
   * Stops the consumers, closes the outbox, disconnects the routes, flushes and closes the producer; all of it, also when
   * a part fails. Rejects with the first failure. Safe to call twice.
   */
  close(): Promise<void>;
}
