import { Inject, Injectable } from '@nestjs/common';
import type { StartedEventBus } from '@openedx-ts/events-core';
import { EVENT_BUS } from './event-bus-token.js';

/** The result of a health check in the form of `@nestjs/terminus`. */
export type EventBusHealthResult = Readonly<
  Record<string, { readonly status: 'up' | 'down'; readonly reasons: readonly string[] }>
>;

/**
 * The health of the bus for `@nestjs/terminus`, which answers 503 while an indicator is down:
 * `health.check([() => eventBus.ready()])`.
 */
@Injectable()
export class EventBusHealthIndicator {
  readonly #bus: StartedEventBus;

  constructor(@Inject(EVENT_BUS) bus: StartedEventBus) {
    this.#bus = bus;
  }

  /** For the liveness probe: down when only a restart helps. @param key the name of the check. Default: `eventBus` */
  live(key = 'eventBus'): EventBusHealthResult {
    const { live, reasons } = this.#bus.health();
    return { [key]: { status: live ? 'up' : 'down', reasons } };
  }

  /**
   * For the readiness probe: down while producer, outbox or a consumer cannot do its work.
   *
   * @param options the name of the check, `eventBus` by default; and `requireBroker: false` for a service that answers its
   *   requests without the broker (see `StartedEventBus.health`)
   */
  ready(options: { readonly key?: string; readonly requireBroker?: boolean } = {}): EventBusHealthResult {
    const { key = 'eventBus', requireBroker = true } = options;
    const { ready, reasons } = this.#bus.health({ requireBroker });
    return { [key]: { status: ready ? 'up' : 'down', reasons } };
  }
}
