import type { Consumer } from '../consuming/types/consumer.js';
import type { ConsumerOptions } from '../consuming/types/consumer-options.js';
import type { EventBusAdmin } from '../operate/event-bus-admin.js';
import type { Producer } from '../producing/producer.js';
import type { ProducerOptions } from '../producing/producer-options.js';
import type { Environment } from '../runtime/environment.js';

/** What a bus package exports as `eventBus`, so that a setting can choose the bus. */
export interface EventBusPlugin {
  /** As in `EVENT_BUS`. */
  readonly name: string;
  /**
   * Makes a producer from the environment's settings; options win over them.
   *
   * @throws InvalidOptionsError naming the settings that are wrong
   */
  createProducer(env: Environment, options?: ProducerOptions): Producer | Promise<Producer>;
  /**
   * Makes a consumer from the environment's settings and these options.
   *
   * @throws InvalidOptionsError naming the settings and options that are wrong
   */
  createConsumer(env: Environment, options: ConsumerOptions): Consumer | Promise<Consumer>;
  /**
   * Makes an operator's view of the bus, for `openedx-events lag`, `doctor`, `dlq` and `replay`; a bus may lack it.
   *
   * @throws InvalidOptionsError naming the settings that are wrong
   */
  createAdmin?(env: Environment): EventBusAdmin | Promise<EventBusAdmin>;
}
