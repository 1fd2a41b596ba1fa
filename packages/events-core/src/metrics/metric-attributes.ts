/** The names of labels, by the OpenTelemetry conventions where they have one. */
export const metricAttributes = {
  operation: 'messaging.operation.name',
  operationType: 'messaging.operation.type',
  system: 'messaging.system',
  topic: 'messaging.destination.name',
  group: 'messaging.consumer.group.name',
  eventType: 'cloudevents.event_type',
  error: 'error.type',
  lane: 'openedx.events.lane',
  reason: 'openedx.events.reason',
  receiver: 'openedx.events.receiver',
  stage: 'openedx.events.stage',
} as const;
