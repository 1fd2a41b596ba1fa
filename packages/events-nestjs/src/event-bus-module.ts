import { ConfigurableModuleBuilder, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { type StartedEventBus, startEventBus } from '@openedx-ts/events-core';
import { EventBusHealthIndicator } from './event-bus-health-indicator.js';
import { EVENT_BUS } from './event-bus-token.js';
import type { EventsModuleOptions } from './events-module-options.js';

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<EventsModuleOptions>()
  .setClassMethodName('forRoot')
  .build();

/** The injection token of the options, which `forRootAsync` resolves. */
export const EVENTS_OPTIONS = MODULE_OPTIONS_TOKEN;

/**
 * The started bus, for every module of an application. As a global module it is the last that Nest destroys, so that the
 * producer publishes what others send until then.
 */
@Module({
  providers: [
    { provide: EVENT_BUS, inject: [EVENTS_OPTIONS], useFactory: startEventBus },
    EventBusHealthIndicator,
  ],
  exports: [EVENT_BUS, EVENTS_OPTIONS, EventBusHealthIndicator],
})
export class EventBusModule extends ConfigurableModuleClass implements OnApplicationShutdown {
  readonly #bus: StartedEventBus;

  constructor(@Inject(EVENT_BUS) bus: StartedEventBus) {
    super();
    this.#bus = bus;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#bus.close();
  }
}
