import type { ConfigurableModuleAsyncOptions } from '@nestjs/common';
import type { ConsumerOptions, StartOptions } from '@openedx-ts/events-core';

/** Options of `EventsModule.forRoot`: those of `startEventBus`, and what this process consumes. */
export interface EventsModuleOptions extends StartOptions {
  /**
   * The consumers of this process. They start once all modules are initialised, without being waited for: while the broker
   * is unreachable the application serves, and is not ready. @defaultValue none: it only sends
   */
  readonly consumers?: readonly ConsumerOptions[] | undefined;
}

/** Options of `EventsModule.forRootAsync`: `useFactory` with what it injects, `useClass` or `useExisting`. */
export type EventsModuleAsyncOptions = ConfigurableModuleAsyncOptions<EventsModuleOptions, 'create'>;
