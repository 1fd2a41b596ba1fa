import {
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { DiscoveryModule, DiscoveryService, MetadataScanner } from '@nestjs/core';
import type { Connection, Consumer, StartedEventBus } from '@openedx-ts/events-core';
import { connectReceivers } from './connect-receivers.js';
import { EVENTS_OPTIONS, EventBusModule } from './event-bus-module.js';
import { EVENT_BUS } from './event-bus-token.js';
import type { EventsModuleAsyncOptions, EventsModuleOptions } from './events-module-options.js';

/**
 * The event bus of an application: import it once, in the root module. It starts the bus with the application, connects
 * the methods marked by `EventReceiver` in `onModuleInit`, and starts the consumers in `onApplicationBootstrap`.
 *
 * `app.close()` stops in order, also after a signal with `app.enableShutdownHooks()`: consumers finish the events in flight
 * in `onModuleDestroy`, Nest answers the requests in flight, and in `onApplicationShutdown` the producer publishes what
 * waits. So close what receivers and requests need in `onApplicationShutdown`.
 */
@Module({ imports: [DiscoveryModule] })
export class EventsModule
  implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown
{
  readonly #bus: StartedEventBus;
  readonly #options: EventsModuleOptions;
  readonly #discovery: DiscoveryService;
  readonly #scanner: MetadataScanner;
  #connections: readonly Connection[] = [];
  readonly #consumers: Consumer[] = [];

  constructor(
    @Inject(EVENT_BUS) bus: StartedEventBus,
    @Inject(EVENTS_OPTIONS) options: EventsModuleOptions,
    @Inject(DiscoveryService) discovery: DiscoveryService,
    @Inject(MetadataScanner) scanner: MetadataScanner,
  ) {
    this.#bus = bus;
    this.#options = options;
    this.#discovery = discovery;
    this.#scanner = scanner;
  }

  /**
   * Starts the bus with these options.
   *
   * The application's start rejects with what `startEventBus` and `createConsumer` throw when the options are wrong, and
   * with InvalidOptionsError or InvalidSignalError when a receiver cannot be connected.
   */
  static forRoot(options: EventsModuleOptions = {}): DynamicModule {
    return { module: EventsModule, imports: [{ ...EventBusModule.forRoot(options), global: true }] };
  }

  /** Starts the bus with options that need other providers, such as those of a configuration. */
  static forRootAsync(options: EventsModuleAsyncOptions): DynamicModule {
    return { module: EventsModule, imports: [{ ...EventBusModule.forRootAsync(options), global: true }] };
  }

  async onModuleInit(): Promise<void> {
    await this.#closeOnFailure(() => {
      this.#connections = connectReceivers(this.#discovery, this.#scanner);
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.#closeOnFailure(async () => {
      for (const options of this.#options.consumers ?? []) {
        this.#consumers.push(await this.#bus.createConsumer(options));
      }
    });
    for (const consumer of this.#consumers) {
      // A consumer that fails has logged why, and its health is not live.
      void consumer.run().catch(() => {});
    }
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.#consumers.map((consumer) => consumer.close()));
  }

  onApplicationShutdown(): void {
    for (const connection of this.#connections) connection.disconnect();
  }

  /** Nest calls no hook of an application that could not start. */
  async #closeOnFailure(start: () => void | Promise<void>): Promise<void> {
    try {
      await start();
    } catch (error) {
      this.onApplicationShutdown();
      await this.#bus.close().catch(() => {}); // the first failure is the one to report
      throw error;
    }
  }
}
