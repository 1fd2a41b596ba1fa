import type { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { type Connection, InvalidOptionsError, type Receiver } from '@openedx-ts/events-core';
import { receiversNotedAt } from './event-receiver.js';

/** A provider or controller, as Nest's discovery finds it. */
type InstanceWrapper = ReturnType<DiscoveryService['getProviders']>[number];

/**
 * Connects the methods marked by `EventReceiver`, of all providers and controllers of the application. Connects nothing
 * when one of them cannot be connected.
 *
 * @throws InvalidOptionsError for a receiver on a class that Nest creates for each request, or for each that injects it
 * @throws InvalidSignalError when two receivers of a signal are given the same name
 */
export function connectReceivers(discovery: DiscoveryService, scanner: MetadataScanner): Connection[] {
  const connections: Connection[] = [];
  const seen = new Set<object>();
  try {
    for (const wrapper of [...discovery.getProviders(), ...discovery.getControllers()]) {
      const prototype = prototypeOf(wrapper);
      if (prototype === undefined) continue;
      for (const name of scanner.getAllMethodNames(prototype)) {
        if (receiversNotedAt(methodOf(prototype, name)).length > 0) mustBeSingleton(wrapper, name);
      }
      const { instance } = wrapper;
      if (seen.has(instance)) continue; // an alias of a provider
      seen.add(instance);
      for (const name of scanner.getAllMethodNames(prototype)) connections.push(...connect(instance, name));
    }
    return connections;
  } catch (error) {
    for (const connection of connections) connection.disconnect();
    throw error;
  }
}

function connect(instance: object, name: string): Connection[] {
  const method = methodOf(instance, name);
  const noted = receiversNotedAt(method);
  if (noted.length === 0) return [];
  const receiver = (method as Receiver).bind(instance);
  // For logs and results. As the name of a function, not of the connection: that would have to be unique.
  Object.defineProperty(receiver, 'name', { value: `${instance.constructor.name}.${name}` });
  return noted.map(({ signal, options }) => signal.connect(receiver, options));
}

/** The class's prototype: an instance that Nest creates for each request is not there yet. */
function prototypeOf({ instance, metatype }: InstanceWrapper): object | undefined {
  if (typeof instance === 'object' && instance !== null) return Object.getPrototypeOf(instance);
  return typeof metatype === 'function' ? metatype.prototype : undefined;
}

function methodOf(owner: object, name: string): unknown {
  return (owner as Record<string, unknown>)[name];
}

function mustBeSingleton(wrapper: InstanceWrapper, method: string): void {
  // Of a transient class Nest has here the prototype, on which no constructor ran.
  const isShared = wrapper.isDependencyTreeStatic() && !wrapper.isTransient;
  if (isShared && wrapper.instance !== undefined) return;
  throw new InvalidOptionsError(`@EventReceiver on ${wrapper.name}.${method}`, [
    {
      path: '',
      message:
        'the class, or something it injects, is created for each request or each place that injects it, and an event is neither: ' +
        'move the receiver to a provider with the default scope',
    },
  ]);
}
