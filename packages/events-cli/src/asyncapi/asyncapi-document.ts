import type { Environment, JsonValue, OpenEdxPublicSignal } from '@openedx-ts/events-core';
import { fullTopicName } from '@openedx-ts/events-core/bus';
import { definitionOf } from '../definitions/definition-of.js';
import { type AsyncApiBus, messageOf } from './message-of.js';
import { serversOf } from './servers-of.js';

/** An event, its name, and where it goes: topics without prefix and the key on each; none for an event without a route. */
export interface RoutedEvent {
  readonly signal: OpenEdxPublicSignal;
  readonly name: string;
  readonly keyFieldByTopic: ReadonlyMap<string, string>;
}

/** What the document is about. */
export interface AsyncApiOptions {
  readonly title: string;
  readonly apiVersion: string;
  readonly bus: AsyncApiBus;
  readonly env: Environment;
}

/** Builds an AsyncAPI 3.1 document: a channel and a send operation for each topic, and a message for each event on it. */
export function asyncApiDocument(events: readonly RoutedEvent[], options: AsyncApiOptions): JsonValue {
  const { title, apiVersion, bus, env } = options;
  const topics = [...new Set(events.flatMap(topicsOf))].sort();
  const messages = new Map<string, JsonValue>();
  const channels = topics.map((topic) => {
    const there = events.filter((event) => topicsOf(event).includes(topic));
    const references = there.map((event) => {
      const id = messageId(event, topic);
      const { signal, name } = event;
      const keyField = event.keyFieldByTopic.get(topic);
      messages.set(id, messageOf({ signal, definition: definitionOf(signal), name, keyField, bus }));
      return [id, { $ref: `#/components/messages/${id}` }] as const;
    });
    return [topic, channelOf(topic, Object.fromEntries(references), options)] as const;
  });
  const servers = serversOf(bus, env);
  return {
    asyncapi: '3.1.0',
    info: { title, version: apiVersion },
    defaultContentType: 'application/avro',
    ...(servers === undefined ? {} : { servers }),
    channels: Object.fromEntries(channels),
    operations: Object.fromEntries(
      channels.map(([topic, { messages: own }]) => [
        `send.${topic}`,
        sendOf(topic, Object.keys(own as object)),
      ]),
    ),
    components: { messages: Object.fromEntries(messages) },
  };
}

/** The channel of events that no route sends. */
const UNROUTED = 'unrouted';

function topicsOf({ keyFieldByTopic }: RoutedEvent): readonly string[] {
  return keyFieldByTopic.size === 0 ? [UNROUTED] : [...keyFieldByTopic.keys()];
}

/** An event is one message, unless its routes name different keys. */
function messageId({ name, keyFieldByTopic }: RoutedEvent, topic: string): string {
  return new Set(keyFieldByTopic.values()).size > 1 ? `${name}.${topic}` : name;
}

function channelOf(
  topic: string,
  messages: { readonly [id: string]: JsonValue },
  { bus, env }: AsyncApiOptions,
): { readonly [key: string]: JsonValue } {
  if (topic === UNROUTED) return { address: null, description: 'Events that no route sends.', messages };
  const address = fullTopicName(topic, env.EVENT_BUS_TOPIC_PREFIX);
  const bindings = bus === 'kafka' ? { kafka: { topic: address, bindingVersion: '0.5.0' } } : { redis: {} };
  return { address, messages, bindings, ...(bus === 'redis' ? { 'x-redis': { type: 'stream' } } : {}) };
}

function sendOf(topic: string, ids: readonly string[]): JsonValue {
  return {
    action: 'send',
    channel: { $ref: `#/channels/${topic}` },
    messages: ids.map((id) => ({ $ref: `#/channels/${topic}/messages/${id}` })),
  };
}
