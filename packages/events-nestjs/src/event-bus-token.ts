/** The injection token of the started bus: `@Inject(EVENT_BUS) private readonly bus: StartedEventBus`. */
export const EVENT_BUS = Symbol.for('@openedx-ts/events-nestjs/event-bus');
