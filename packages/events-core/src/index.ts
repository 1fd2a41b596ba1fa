export type { EventBusPlugin } from './buses/event-bus-plugin.js';
export { type EventBusSettings, eventBusSettings } from './buses/event-bus-settings.js';
export { nullEventBus } from './buses/null-event-bus.js';
export { type StartOptions, startEventBus } from './buses/start-event-bus.js';
export type { StartedEventBus } from './buses/started-event-bus.js';
export type { Consumer, ConsumerState, StartPosition } from './consuming/types/consumer.js';
export type { ConsumerOptions } from './consuming/types/consumer-options.js';
export {
  BufferFullError,
  ConsumerFailedError,
  IllegalStateError,
  ProduceFailedError,
} from './errors/bus-errors.js';
export {
  BusLoadError,
  InvalidOptionsError,
  ProducerConfigurationError,
} from './errors/configuration-errors.js';
export { InvalidDataError, InvalidDateTimeError, InvalidMetadataError } from './errors/data-errors.js';
export { EventsError, type EventsErrorCode, type Issue } from './errors/events-error.js';
export {
  DeadLetterEventError,
  DropEventError,
  FatalReceiverError,
  InfrastructureError,
  ReceiversFailedError,
  ReceiverTimeoutError,
  RetryEventError,
} from './errors/receiver-errors.js';
export {
  DuplicateSignalError,
  InvalidShapeError,
  InvalidSignalError,
  LocalOnlyError,
  UnknownSignalError,
} from './errors/signal-errors.js';
export {
  NoTransactionError,
  TransactionEndedError,
  TransactionRolledBackError,
} from './errors/transaction-errors.js';
export { createMetadata } from './metadata/create-metadata.js';
export type { EventsMetadata } from './metadata/events-metadata.js';
export type { OutgoingEvent, Producer, SendReceipt } from './producing/producer.js';
export type { ProducerOptions } from './producing/producer-options.js';
export {
  mergeProducerConfigs,
  type ProducerConfig,
  type ProducerConfigInput,
} from './routes/producer-config.js';
export { type Route, type RouteOptions, route } from './routes/route.js';
export type { RouteMode } from './routes/route-mode.js';
export type { Clock } from './runtime/clock.js';
export type { Environment } from './runtime/environment.js';
export type { EventsRuntime } from './runtime/events-runtime.js';
export type { Health } from './runtime/health.js';
export { type Logger, silentLogger } from './runtime/logger.js';
export { configureEvents } from './runtime/runtime.js';
export { stopOnSignal } from './runtime/stop-on-signal.js';
export type { ConsumedEventFacts, Telemetry } from './runtime/telemetry.js';
export type { TelemetryFact } from './runtime/telemetry-fact.js';
export type { TraceContext } from './runtime/trace-context.js';
export { custom } from './shapes/custom.js';
export { DateTime } from './shapes/date-time.js';
export { datetime } from './shapes/datetime.js';
export { enumeration } from './shapes/enumeration.js';
export { type JsonValue, json } from './shapes/json.js';
export { list } from './shapes/list.js';
export { map } from './shapes/map.js';
export { optional } from './shapes/optional.js';
export { boolean, bytes, double, long, string } from './shapes/primitives.js';
export { record } from './shapes/record.js';
export type {
  CustomShape,
  CustomType,
  InputOf,
  OutputOf,
  PiiType,
  Shape,
  ShapeAnnotations,
} from './shapes/shape.js';
export type { StandardSchema } from './shapes/standard-schema.js';
export { uuid } from './shapes/uuid.js';
export { withDefault } from './shapes/with-default.js';
export { type BatchOptions, batchReceiver } from './signals/batch-receiver.js';
export { defineSignal } from './signals/define-signal.js';
export type { ReceiverPolicy } from './signals/receiver-policy.js';
export { allSignals, findSignal, getSignalByType } from './signals/registry.js';
export type {
  Connection,
  ConnectOptions,
  DeliveryInfo,
  FieldsOf,
  OpenEdxPublicSignal,
  PayloadFields,
  ReceivedData,
  Receiver,
  ReceiverResult,
  SendEventOptions,
  SentData,
  SignalEvent,
} from './signals/signal.js';
export type { SignalDefinition } from './signals/signal-definition.js';
export { publishOnCommit } from './transactions/publish-on-commit.js';
