import { type RecordJson, recordToJson } from '@openedx-ts/events-avro';
import type { SignalEvent } from '@openedx-ts/events-core';
import { fullTopicName, type MetadataJson, metadataToJson } from '@openedx-ts/events-core/bus';
import { jsonText } from '../records/json-text.js';

/** The JSON object that `consume` writes for an event. */
export interface EventLine {
  readonly event_type: string;
  readonly metadata: MetadataJson;
  readonly data: { readonly [key: string]: RecordJson };
  /** The topic without prefix. */
  readonly topic: string;
  readonly position: string;
}

/**
 * Formats a consumed event as a line of JSON with exact integers.
 *
 * @throws JsonTextError for `NaN` and the infinities
 */
export function eventLine(event: SignalEvent, topic: string, position: string): string {
  const line: EventLine = {
    event_type: event.metadata.eventType,
    metadata: metadataToJson(event.metadata),
    data: recordToJson(event.signal, event.data),
    topic,
    position,
  };
  return jsonText(line);
}

/** Returns a function that finds the topic without prefix for a full topic. */
export function topicNames(
  topics: readonly string[],
  prefix: string | undefined,
): (fullTopic: string) => string {
  const names = new Map(topics.map((topic) => [fullTopicName(topic, prefix), topic]));
  return (fullTopic) => names.get(fullTopic) ?? fullTopic;
}
