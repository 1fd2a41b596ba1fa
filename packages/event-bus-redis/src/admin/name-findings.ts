import { fullTopicName, nearestName, type TopicName, warningFinding } from '@openedx-ts/events-core/bus';
import type { Finding } from '@openedx-ts/events-core/operate';
import { hasPrefixTwice } from '../stream/unwritten-stream.js';
import { findStreams } from './find-streams.js';
import type { RedisView } from './redis-view.js';

/** Reports a topic whose stream does not exist, with the streams that may be meant. */
export function missingFinding(view: RedisView, name: TopicName): Promise<Finding> {
  const message = `there is no stream ${name.fullTopic}: no event was sent to it, and no consumer has started`;
  return nameFinding(view, name, message);
}

/** Reports a topic whose stream holds groups and never held an event: consumers create the stream of a misspelled topic. */
export function unwrittenFinding(view: RedisView, name: TopicName): Promise<Finding> {
  const message = `no event was ever sent to the stream ${name.fullTopic}: a consumer has created it`;
  return nameFinding(view, name, message);
}

async function nameFinding(
  view: RedisView,
  { topic, fullTopic }: TopicName,
  message: string,
): Promise<Finding> {
  const subject = `topic ${topic}`;
  if (hasPrefixTwice(fullTopic, view.topicPrefix))
    return warningFinding(
      subject,
      message,
      `its name has the prefix twice: give the topic as ${withoutPrefix(topic, view.topicPrefix)}`,
    );
  const found = await findStreams(view.connection, '*');
  const streams = found.streams.filter((name) => name !== fullTopic);
  const samePlace = streams.find((name) => name === topic || name.endsWith(`-${topic}`));
  if (samePlace !== undefined) {
    const prefix = samePlace === topic ? 'not set' : samePlace.slice(0, -topic.length - 1);
    return warningFinding(
      subject,
      `${message}; there is ${samePlace}`,
      `check EVENT_BUS_TOPIC_PREFIX: for that stream it is ${prefix}`,
    );
  }
  const senders = 'check that a service is configured to send to it (EVENT_BUS_PRODUCER_CONFIG)';
  const nearest = nearestName(fullTopic, streams);
  if (nearest === undefined) return warningFinding(subject, message, senders);
  const meant = withoutPrefix(nearest, view.topicPrefix);
  return warningFinding(subject, message, `did you mean ${meant}? Otherwise ${senders}`);
}

function withoutPrefix(fullTopic: string, prefix: string | undefined): string {
  const start = fullTopicName('', prefix);
  return fullTopic.startsWith(start) ? fullTopic.slice(start.length) : fullTopic;
}
