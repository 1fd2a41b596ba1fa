export { busSettingFindings, type EffectiveBusSettings } from './buses/bus-setting-findings.js';
export { comparePositions } from './buses/compare-positions.js';
export type { EventBusAdmin, Finding, GroupLag, LagQuery } from './buses/event-bus-admin.js';
export type { Environment, EventBusPlugin } from './buses/event-bus-plugin.js';
export { type EventBusSettings, eventBusSettings } from './buses/event-bus-settings.js';
export { okFinding, problemFinding, warningFinding } from './buses/findings.js';
export { loadBus } from './buses/load-bus.js';
export { nullEventBus } from './buses/null-event-bus.js';
export { optionFinding } from './buses/option-finding.js';
export {
  type ReplayedLane,
  type ReplayOptions,
  type ReplayReport,
  replayGroup,
} from './buses/replay-group.js';
export { type StartedEventBus, type StartOptions, startEventBus } from './buses/start-event-bus.js';
export type { GroupProgress, ReadBounds, StoredMessage, TopicStore } from './buses/topic-store.js';
export type { Consumer, ConsumerState, StartPosition } from './consuming/contract/consumer.js';
export {
  type ConsumerOptions,
  consumerOptionRules,
  type ResolvedConsumerOptions,
} from './consuming/contract/consumer-options.js';
export type { Delivery } from './consuming/contract/delivery.js';
export { EXCLUSIVE_FROM_DELIVERY } from './consuming/contract/exclusive-from-delivery.js';
export { EventBusConsumer } from './consuming/event-bus-consumer.js';
export type { DeadLetter } from './dead-letters/dead-letter-entry.js';
export type { DeadLetterFilter, DeadLetterSelection } from './dead-letters/dead-letter-filter.js';
export {
  type DeadLetterQueue,
  deadLetterQueue,
  findDeadLetterQueues,
} from './dead-letters/dead-letter-queue.js';
export { decodeDeadLetter } from './dead-letters/decode-dead-letter.js';
export { maskPersonalData } from './dead-letters/mask-personal-data.js';
export { type PurgeOptions, type PurgeReport, purgeDeadLetters } from './dead-letters/purge-dead-letters.js';
export { readDeadLetters } from './dead-letters/read-dead-letters.js';
export {
  type RedriveOptions,
  type RedriveReport,
  redriveDeadLetters,
} from './dead-letters/redrive-dead-letters.js';
export { type DeadLetterSummary, summarizeDeadLetters } from './dead-letters/summarize-dead-letters.js';
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
export { EventsError, type EventsErrorCode, type Issue, reasonOf } from './errors/events-error.js';
export {
  CrashingEventError,
  DeadLetterEventError,
  DropEventError,
  FatalReceiverError,
  InfrastructureError,
  ReceiverFailedError,
  ReceiversFailedError,
  ReceiverTimeoutError,
  RetryEventError,
} from './errors/receiver-errors.js';
export {
  DuplicateSignalError,
  InvalidShapeError,
  InvalidSignalError,
  LocalOnlyError,
  RegistryProtocolError,
  UnknownSignalError,
} from './errors/signal-errors.js';
export {
  DecodingFailedError,
  EncodingFailedError,
  IncompatibleSchemaError,
  UnusableMessageError,
} from './errors/wire-errors.js';
export { createMetadata, type MetadataInput } from './metadata/create-metadata.js';
export type { EventsMetadata, MetadataField } from './metadata/events-metadata.js';
export { decodeHeaders, encodeHeaders, type HeaderNaming } from './metadata/headers.js';
export { type MetadataJson, metadataFromJson, metadataToJson } from './metadata/metadata-json.js';
export { EventBusProducer } from './producing/event-bus-producer.js';
export type { OutgoingEvent, Producer, SendReceipt } from './producing/producer.js';
export {
  type ProducerOptions,
  producerOptionRules,
  type ResolvedProducerOptions,
} from './producing/producer-options.js';
export type { PublishOutcome } from './producing/send-queue.js';
export type { ConnectedRoutes } from './routes/connect-routes.js';
export { connectRoutes } from './routes/connect-routes.js';
export {
  mergeProducerConfigs,
  type ProducerConfig,
  type ProducerConfigEntry,
  type ProducerConfigInput,
  parseProducerConfig,
} from './routes/producer-config.js';
export { type Route, type RouteOptions, route, routesFromConfig } from './routes/route.js';
export { abortOnSignal, type SignalHost } from './runtime/abort-on-signal.js';
export { type BackoffOptions, backOff, backoffMs } from './runtime/backoff.js';
export { type Clock, systemClock } from './runtime/clock.js';
export { type Deferred, deferred } from './runtime/deferred.js';

export type { EventsRuntime } from './runtime/events-runtime.js';
export { FailureLog, type FailureLogOptions } from './runtime/failure-log.js';

export { combineHealth, type Health } from './runtime/health.js';
export { type Logger, silentLogger } from './runtime/logger.js';
export { nearestName } from './runtime/nearest-name.js';
export {
  anything,
  count,
  durationMs,
  flag,
  type OptionRule,
  type OptionRules,
  oneOf,
  requiredText,
  resolveOptions,
} from './runtime/resolve-options.js';
export { configureEvents, runtime } from './runtime/runtime.js';
export { SettingReader } from './runtime/setting-reader.js';
export { stopOnSignal } from './runtime/stop-on-signal.js';
export {
  type ConsumedEventFacts,
  noTelemetry,
  type Telemetry,
  type TelemetryFact,
} from './runtime/telemetry.js';
export type { TraceContext } from './runtime/trace-context.js';
export { type Check, type CheckOptions, checkOf } from './shapes/check.js';
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
  AnyShape,
  BooleanShape,
  BytesShape,
  CustomShape,
  CustomType,
  DoubleShape,
  Fields,
  FieldsInput,
  FieldsOutput,
  InputOf,
  ListShape,
  LongShape,
  MapShape,
  OptionalShape,
  OutputOf,
  PiiType,
  RecordShape,
  Shape,
  ShapeAnnotations,
  ShapeKind,
  StringShape,
  ValueShape,
  WireValues,
  WithDefaultShape,
} from './shapes/shape.js';
export type { StandardSchema, StandardSchemaProps, StandardSchemaResult } from './shapes/standard-schema.js';
export { uuid } from './shapes/uuid.js';
export { withDefault } from './shapes/with-default.js';
export { type BatchOptions, batchReceiver } from './signals/batch-receiver.js';
export { defineSignal, type SignalDefinition, type SignalDetails } from './signals/define-signal.js';
export type { EventType } from './signals/event-type.js';
export { type KeyPath, type ResolvedKeyPath, resolveKeyPath } from './signals/key-path.js';
export { type PendingReceipt, pendingReceipt } from './signals/pending-receipt.js';
export type { ReceiverPolicy, ResolvedReceiverPolicy } from './signals/receiver-policy.js';
export { allSignals, findSignal, getSignalByType, snapshotSignals } from './signals/registry.js';
export type {
  ConnectedReceiver,
  Connection,
  ConnectOptions,
  DeliveredEvent,
  DeliveryInfo,
  FieldsOf,
  KeyPathOf,
  OpenEdxPublicSignal,
  PayloadFields,
  ReceivedData,
  Receiver,
  ReceiverResult,
  SendEventOptions,
  SendWithMetadataOptions,
  SentData,
  SignalAbout,
  SignalEvent,
} from './signals/signal.js';
export type { BoundCodec, EncodedKey, EventCodec, KeyCodec, WriterSchema } from './wire/codec.js';
export {
  type DeadLetterFacts,
  deadLetterTopic,
  fromDeadLetter,
  isDeadLetterTopic,
  toDeadLetter,
} from './wire/dead-letter.js';
export type { EncodedEvent } from './wire/encoded-event.js';
export type { Header, Message } from './wire/message.js';
export { fullTopicName } from './wire/topic-name.js';
export type { UnframedRecord, WireFormat } from './wire/wire-format.js';
