import { SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type {
  ConnectOptions,
  OpenEdxPublicSignal,
  PayloadFields,
  SignalEvent,
} from '@openedx-ts/events-core';

/** What `EventReceiver` notes at a method: a signal whose events the method receives. */
export interface NotedReceiver {
  readonly signal: OpenEdxPublicSignal;
  readonly options: ConnectOptions;
}

/**
 * Makes a method of a provider or controller a receiver of a signal, as `signal.connect` does with a function. Several of
 * them on one method receive several signals. Guards, pipes, interceptors and filters of Nest do not run for events.
 *
 * @param options as of `connect`; the `name` is by default that of class and method, e.g. `SearchIndex.add`
 */
export function EventReceiver<F extends PayloadFields>(
  signal: OpenEdxPublicSignal<F>,
  options: ConnectOptions = {},
) {
  return <Method extends (event: SignalEvent<F>) => unknown>(
    prototype: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<Method>,
  ): void => {
    const noted: NotedReceiver = { signal: signal as unknown as OpenEdxPublicSignal, options };
    const others = receiversNotedAt(descriptor.value);
    SetMetadata(METADATA_KEY, [noted, ...others])(prototype, key, descriptor);
  };
}

/** The receivers noted at a method, in the order of the decorators. */
export function receiversNotedAt(method: unknown): readonly NotedReceiver[] {
  if (typeof method !== 'function') return [];
  return new Reflector().get<readonly NotedReceiver[] | undefined>(METADATA_KEY, method) ?? [];
}

const METADATA_KEY = '@openedx-ts/events-nestjs/receivers';
