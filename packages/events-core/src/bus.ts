export { parsePartitionPositions } from './buses/parse-partition-positions.js';
export { type ConsumerSettings, readConsumerSettings } from './buses/read-consumer-settings.js';
export { EventBusConsumer } from './consuming/event-bus-consumer.js';
export { consumerOptionRules, type ResolvedConsumerOptions } from './consuming/types/consumer-options.js';
export type { Delivery } from './consuming/types/delivery.js';
export { FIRST_EXCLUSIVE_DELIVERY } from './consuming/types/first-exclusive-delivery.js';
export { EarlierEventFailedError, OutcomeUnknownError } from './errors/bus-errors.js';
export { reasonOf } from './errors/events-error.js';
export { nearestName } from './errors/nearest-name.js';
export { faultOf, type ProduceFault } from './errors/produce-fault.js';
export { CrashingEventError, ReceiverFailedError } from './errors/receiver-errors.js';
export { RegistryProtocolError } from './errors/signal-errors.js';
export {
  DecodingFailedError,
  EncodingFailedError,
  IncompatibleSchemaError,
  UnusableMessageError,
} from './errors/wire-errors.js';
export type { MetadataInput } from './metadata/create-metadata.js';
export type { MetadataField } from './metadata/events-metadata.js';
export { type MetadataJson, metadataFromJson, metadataToJson } from './metadata/metadata-json.js';
export { busSettingFindings, type EffectiveBusSettings } from './operate/bus-setting-findings.js';
export { checkNewestQuery } from './operate/check-newest-query.js';
export { type FailureCures, failureFinding } from './operate/failure-finding.js';
export { okFinding, problemFinding, warningFinding } from './operate/findings.js';
export { invalidOptionsFindings } from './operate/invalid-options-findings.js';
export { formatLaneCursor, parseLaneCursor } from './operate/lane-cursor.js';
export { newestFirst } from './operate/newest-first.js';
export { settingsError } from './operate/settings-error.js';
export { type DeadLetterOwner, sharedDeadLetterFindings } from './operate/shared-dead-letter-findings.js';
export {
  type ListedTopics,
  type TopicName,
  type TopicsToLookAt,
  topicsToLookAt,
} from './operate/topics-to-look-at.js';
export { maskPersonalPath } from './personal-data/mask-personal-path.js';
export {
  type ConnectedRoutes,
  type ConnectRoutesOptions,
  connectRoutes,
} from './producing/connect-routes.js';
export { EventBusProducer } from './producing/event-bus-producer.js';
export { type EventEncoder, eventEncoder, type SignalEncoder } from './producing/event-encoder.js';
export type { EventOutbox } from './producing/event-outbox.js';
export { FailedKeys } from './producing/failed-keys.js';
export { producerOptionRules, type ResolvedProducerOptions } from './producing/producer-options.js';
export type { PublishOptions } from './producing/publish-options.js';
export type { PublishOutcome } from './producing/publish-outcome.js';
export { routesFromConfig } from './routes/routes-from-config.js';
export { type BackoffOptions, backOff, backoffMs } from './runtime/backoff.js';
export { BoundedCache, type BoundedCacheLimits } from './runtime/bounded-cache.js';
export { systemClock } from './runtime/clock.js';
export { isConsoleLogger } from './runtime/console-logger.js';
export { type Deferred, deferred } from './runtime/deferred.js';
export { escapeUnprintable } from './runtime/escape-unprintable.js';
export { FailureLog, type FailureLogOptions } from './runtime/failure-log.js';
export { combineHealth } from './runtime/health.js';
export { isLoopback } from './runtime/is-loopback.js';
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
export { runtime } from './runtime/runtime.js';
export { SettingReader } from './runtime/setting-reader.js';
export {
  noTelemetry,
  type ReceiverFacts,
  type SentEventFacts,
  type SentEventObserver,
} from './runtime/telemetry.js';
export { TextCleaner } from './runtime/text-cleaner.js';
export { unlessAborted } from './runtime/unless-aborted.js';
export { waitAtMost } from './runtime/wait-at-most.js';
export { type Check, type CheckOptions, checkOf } from './shapes/check.js';
export { defaultOf } from './shapes/default-of.js';
export type {
  AnyShape,
  BooleanShape,
  BytesShape,
  DoubleShape,
  Fields,
  FieldsInput,
  FieldsOutput,
  ListShape,
  LongShape,
  MapShape,
  OptionalShape,
  RecordShape,
  ShapeKind,
  StringShape,
  ValueShape,
  WireValues,
  WithDefaultShape,
} from './shapes/shape.js';
export type { StandardSchemaProps, StandardSchemaResult } from './shapes/standard-schema.js';
export { checkData } from './signals/check-data.js';
export type { RunReceiver } from './signals/dispatch.js';
export { type DeliveredEvent, dispatchReceived } from './signals/dispatch-received.js';
export type { EventType } from './signals/event-type.js';
export { type KeyPath, type ResolvedKeyPath, resolveKeyPath } from './signals/key-path.js';
export { keyPathsIn } from './signals/key-paths-in.js';
export { type PendingReceipt, pendingReceipt } from './signals/pending-receipt.js';
export { nameReceiver } from './signals/receiver-name.js';
export type { ResolvedReceiverPolicy } from './signals/receiver-policy.js';
export { snapshotSignals } from './signals/registry.js';
export type { KeyPathOf, SendWithMetadataOptions, SignalAbout } from './signals/signal.js';
export type { SignalDetails } from './signals/signal-definition.js';
export type { ConnectedReceiver } from './signals/signal-entry.js';
export { type DeferredAction, TransactionScope } from './transactions/transaction-scope.js';
export { bufferedBytes } from './wire/buffered-bytes.js';
export type { BoundCodec, EncodedKey, EventCodec, KeyCodec, WriterSchema } from './wire/codec.js';
export {
  type DeadLetterFacts,
  deadLetterTopic,
  fromDeadLetter,
  groupOfDeadLetterTopic,
  isDeadLetterTopic,
  toDeadLetter,
} from './wire/dead-letter.js';
export type { EncodedEvent } from './wire/encoded-event.js';
export { decodeHeaders, encodeHeaders, type HeaderNaming } from './wire/headers.js';
export type { Header, Message } from './wire/message.js';
export { messageBytes } from './wire/message-bytes.js';
export { isRetryTopic, retryTopic } from './wire/retry-topic.js';
export { fullTopicName } from './wire/topic-name.js';
export type { UnframedRecord, WireFormat } from './wire/wire-format.js';
