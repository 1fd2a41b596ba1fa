import { type RecordJson, recordToJson } from '@openedx-ts/events-avro';
import type { SignalEvent } from '@openedx-ts/events-core';
import { fullTopicName, type MetadataJson, metadataToJson } from '@openedx-ts/events-core/bus';
import { maskPersonalData } from '@openedx-ts/events-core/operate';
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
 * @param isMasked whether personal data is `***`
 * @throws JsonTextError for `NaN` and the infinities
 */
export function eventLine(
  event: SignalEvent,
  { topic, position }: Pick<EventLine, 'topic' | 'position'>,
  isMasked: boolean,
): string {
  const data = recordToJson(event.signal, event.data);
  const line: EventLine = {
    event_type: event.metadata.eventType,
    metadata: metadataToJson(event.metadata),
    data: isMasked ? (maskPersonalData(event.signal.shape, data) as EventLine['data']) : data,
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
