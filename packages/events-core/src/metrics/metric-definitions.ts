import type { MetricDefinition } from './metric.js';

/**
 * Every metric. The names, units and descriptions of `messaging.*` are those of the OpenTelemetry semantic conventions for
 * messaging clients, version 1.45.0 (in development there); the others are ours.
 */
export const metricDefinitions = {
  sendDuration: {
    name: 'messaging.client.operation.duration',
    description: 'Duration of messaging operation initiated by a producer or consumer client.',
    unit: 's',
  },
  sent: {
    name: 'messaging.client.sent.messages',
    description: 'Number of messages producer attempted to send to the broker.',
    unit: '{message}',
  },
  consumed: {
    name: 'messaging.client.consumed.messages',
    description: 'Number of messages that were delivered to the application.',
    unit: '{message}',
  },
  processDuration: {
    name: 'messaging.process.duration',
    description: 'Duration of processing operation.',
    unit: 's',
  },
  publishFailures: events('publish_failures', 'Events that were not published, or of which nobody knows.'),
  deadLetters: events('dead_letters', 'Events that were dead-lettered.'),
  dropped: events('dropped', 'Events that a policy discarded or a receiver dropped.'),
  skipped: events('skipped', 'Messages that are no events of a loaded type.'),
  retries: events('retries', 'Further attempts of events whose receivers failed.'),
  receiverFailures: {
    ...events('receiver.failures', 'Calls of receivers that failed.'),
    unit: '{call}',
  },
  unverified: events('unverified', "Events that were read without the writer's schema."),
  losses: {
    ...events('losses', 'How often events were deleted before their group had handled them.'),
    unit: '{occurrence}',
  },
  lost: events(
    'lost',
    'Events that were deleted before their group had handled them, where the number is known.',
  ),
  pauses: { ...events('consumer.pauses', 'How often a lane was paused.'), unit: '{occurrence}' },
  stalls: {
    ...events('consumer.stalls', 'How often a lane made no progress for stallTimeoutMs.'),
    unit: '{occurrence}',
  },
  lag: events('consumer.lag', 'Events of a lane that the group has not read.'),
  pending: events('consumer.pending', 'Events of a lane that are delivered and not acknowledged.'),
  distanceToTrim: events(
    'consumer.distance_to_trim',
    'Events that may still be sent before the broker deletes one that the group has not acknowledged.',
  ),
  consumerOldestAge: {
    name: 'openedx.events.consumer.oldest_age',
    description: 'Age of the oldest event of a lane that this consumer has received and not finished.',
    unit: 's',
  },
  outboxPublished: events('outbox.published', 'Entries of the outbox that were published.'),
  outboxPending: events('outbox.pending', 'Entries of the outbox that wait, up to 10,000 of each topic.'),
  outboxParked: events('outbox.parked', 'Entries of the outbox that were set aside.'),
  outboxOldestAge: {
    name: 'openedx.events.outbox.oldest_age',
    description: 'Age of the oldest entry of the outbox that waits.',
    unit: 's',
  },
} as const satisfies Readonly<Record<string, MetricDefinition>>;

function events<const N extends string>(name: N, description: string) {
  return { name: `openedx.events.${name}`, description, unit: '{event}' } as const;
}
