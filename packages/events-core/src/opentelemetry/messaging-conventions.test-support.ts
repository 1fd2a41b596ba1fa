/**
 * What the OpenTelemetry semantic conventions for messaging define and we emit: open-telemetry/semantic-conventions at
 * commit 384d66161cb18704c729645fa8136a148df9571c, docs/messaging/messaging-metrics.md, messaging-spans.md and
 * docs/registry/attributes/{messaging,cloudevents,error}.md.
 */
export const messagingConventions = {
  metrics: [
    { name: 'messaging.client.operation.duration', unit: 's', kind: 'histogram' },
    { name: 'messaging.client.sent.messages', unit: '{message}', kind: 'counter' },
    { name: 'messaging.client.consumed.messages', unit: '{message}', kind: 'counter' },
    { name: 'messaging.process.duration', unit: 's', kind: 'histogram' },
  ],
  durationBoundaries: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
  /** Span name `{messaging.operation.name} {destination}`. */
  spans: [
    { operation: 'send', kind: 'PRODUCER' },
    { operation: 'process', kind: 'CONSUMER' },
  ],
  attributes: [
    'cloudevents.event_type',
    'error.type',
    'messaging.consumer.group.name',
    'messaging.destination.name',
    'messaging.message.id',
    'messaging.operation.name',
    'messaging.operation.type',
    'messaging.system',
  ],
} as const;
