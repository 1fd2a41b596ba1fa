import { InvalidMetadataError } from '../errors/data-errors.js';
import { DuplicateSignalError, InvalidSignalError } from '../errors/signal-errors.js';
import { createMetadata } from '../metadata/create-metadata.js';
import type { EventsMetadata } from '../metadata/events-metadata.js';
import { resolveOptions } from '../runtime/resolve-options.js';
import { runtime } from '../runtime/runtime.js';
import { record } from '../shapes/record.js';
import type { FieldsInput } from '../shapes/shape.js';
import { checkData } from './check-data.js';
import { checkDefinition } from './check-definition.js';
import { definitionDifference } from './definition-difference.js';
import { dispatch } from './dispatch.js';

import { ReceiverList } from './receiver-list.js';
import { givenNameOf } from './receiver-name.js';
import { partialPolicyRules } from './receiver-policy.js';
import { findSignal, registerSignal } from './registry.js';
import type {
  Connection,
  ConnectOptions,
  OpenEdxPublicSignal,
  PayloadFields,
  Receiver,
  ReceiverResult,
  SendEventOptions,
  SendWithMetadataOptions,
  SignalAbout,
  SignalEvent,
} from './signal.js';
import type { SignalDefinition } from './signal-definition.js';
import type { ConnectedReceiver, SignalState } from './signal-entry.js';

/**
 * Defines an event and registers it under its type. Types follow from `data`; nothing is written twice. A definition that
 * is evaluated again, as bundlers and test runners do with modules, returns the signal that is registered.
 *
 * @throws InvalidSignalError when the type breaks the naming rule, a payload key is reserved, the key path does not
 *   exist or one record name means two things
 * @throws DuplicateSignalError when the type is defined already, and differently
 */
export function defineSignal<const F extends PayloadFields>(
  definition: SignalDefinition<F>,
): OpenEdxPublicSignal<F> {
  checkDefinition(definition as unknown as SignalDefinition<PayloadFields>);
  const shape = record('CloudEvent', definition.data);
  const receivers = new ReceiverList();
  const state: SignalState = {
    enabled: true,
    get receivers() {
      return receivers.all;
    },
    set receivers(all) {
      receivers.all = all;
    },
  };
  const signal = Object.freeze(new Signal<F>(definition, shape, state, receivers));
  const registered = findSignal(signal.eventType);
  if (registered === undefined) {
    registerSignal({ signal: signal as unknown as OpenEdxPublicSignal, state });
    return signal;
  }
  const difference = definitionDifference(registered, signal as unknown as OpenEdxPublicSignal);
  if (difference !== undefined) throw new DuplicateSignalError(signal.eventType, difference);
  return registered as unknown as OpenEdxPublicSignal<F>;
}

class Signal<F extends PayloadFields> implements OpenEdxPublicSignal<F> {
  readonly eventType: string;
  readonly minorVersion: number;
  readonly shape: OpenEdxPublicSignal<F>['shape'];
  readonly about: SignalAbout;
  readonly #state: SignalState;
  readonly #receivers: ReceiverList;

  constructor(
    definition: SignalDefinition<F>,
    shape: OpenEdxPublicSignal<F>['shape'],
    state: SignalState,
    receivers: ReceiverList,
  ) {
    this.eventType = definition.eventType;
    this.minorVersion = definition.minorVersion ?? 0;
    this.shape = shape;
    this.about = Object.freeze({
      doc: definition.doc,
      eventKeyField: definition.eventKeyField,
      producedBy: definition.producedBy ?? [],
      since: definition.since,
      deprecated: definition.deprecated,
      localOnly: definition.localOnly,
    });
    this.#state = state;
    this.#receivers = receivers;
  }

  connect(receiver: Receiver<F>, options: ConnectOptions = {}): Connection {
    const receivers = this.#receivers;
    const name = this.#nameOf(receiver, options.name);
    const { policy } = options;
    const connected: ConnectedReceiver = {
      name,
      policy:
        policy === undefined
          ? undefined
          : resolveOptions(`policy of receiver ${name} of ${this.eventType}`, policy, partialPolicyRules),
      mustSucceed: options.mustSucceed ?? false,
      receiver: receiver as unknown as ConnectedReceiver['receiver'],
    };
    const disconnect = () => {
      receivers.remove(connected);
      options.abortSignal?.removeEventListener('abort', disconnect);
    };
    if (options.abortSignal?.aborted !== true) {
      receivers.add(connected);
      options.abortSignal?.addEventListener('abort', disconnect, { once: true });
    }
    return { name, disconnect, [Symbol.dispose]: disconnect };
  }

  async sendEvent(data: FieldsInput<F>, options: SendEventOptions = {}): Promise<readonly ReceiverResult[]> {
    if (!this.#state.enabled) return [];
    const checked = checkData(this, data, options);
    const cause = options.causedBy;
    const metadata = createMetadata({
      eventType: this.eventType,
      minorVersion: this.minorVersion,
      id: options.id,
      time: options.time,
      correlationId: cause === undefined ? null : (cause.correlationId ?? cause.id),
      causationId: cause?.id,
    });
    const event = { signal: this, data: checked, metadata, fromEventBus: false, delivery: null };
    return this.#dispatch(event, options.loud);
  }

  async sendEventWithMetadata(
    metadata: EventsMetadata,
    data: FieldsInput<F>,
    options: SendWithMetadataOptions = {},
  ): Promise<readonly ReceiverResult[]> {
    if (!this.#state.enabled) return [];
    if (metadata.eventType !== this.eventType) {
      throw new InvalidMetadataError('eventType', `expected ${this.eventType}, got ${metadata.eventType}`);
    }
    const checked = checkData(this, data, options);
    const event = { signal: this, data: checked, metadata, fromEventBus: true, delivery: null };
    return this.#dispatch(event, options.loud);
  }

  enable(): void {
    this.#state.enabled = true;
  }

  disable(): void {
    this.#state.enabled = false;
  }

  get enabled(): boolean {
    return this.#state.enabled;
  }

  get receivers(): readonly string[] {
    return this.#state.receivers.map(({ name }) => name);
  }

  toString(): string {
    return `<OpenEdxPublicSignal: ${this.eventType}>`;
  }

  /** A name that was given identifies its receiver; one from a function only distinguishes receivers in logs and results. */
  #nameOf(receiver: Receiver<F>, wanted: string | undefined): string {
    const own = givenNameOf(receiver);
    const name = wanted ?? own;
    if (name === undefined) return this.#receivers.freeName(receiver.name || 'receiver');
    if (own !== undefined && own !== name) {
      const problem = `the receiver named "${own}" cannot be connected as "${name}": leave out the name, or wrap the function again under that name`;
      throw new InvalidSignalError(this.eventType, problem);
    }
    if (this.#receivers.has(name)) {
      const problem = `a receiver named "${name}" is connected already: give this one another name`;
      throw new InvalidSignalError(this.eventType, problem);
    }
    return name;
  }

  #dispatch(
    event: { readonly signal: unknown; readonly data: unknown } & Omit<SignalEvent, 'signal' | 'data'>,
    loud = runtime().dispatch === 'loud',
  ): readonly ReceiverResult[] | Promise<readonly ReceiverResult[]> {
    return dispatch(this.#state.receivers, event as SignalEvent, loud);
  }
}
