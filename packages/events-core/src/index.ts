export {
  BufferFullError,
  BusLoadError,
  ConsumerFailedError,
  DecodingFailedError,
  DuplicateSignalError,
  EncodingFailedError,
  EventsError,
  type EventsErrorCode,
  IllegalStateError,
  IncompatibleSchemaError,
  InfrastructureError,
  InvalidDataError,
  InvalidDateTimeError,
  InvalidMetadataError,
  InvalidOptionsError,
  InvalidShapeError,
  InvalidSignalError,
  type Issue,
  LocalOnlyError,
  ProduceFailedError,
  ProducerConfigurationError,
  ReceiverFailedError,
  ReceiversFailedError,
  RegistryProtocolError,
  UnknownSignalError,
  UnusableMessageError,
} from './errors.js';
export { createMetadata, type MetadataInput } from './metadata/create-metadata.js';
export type { EventsMetadata, MetadataField } from './metadata/events-metadata.js';
export { decodeHeaders, encodeHeaders, type HeaderNaming } from './metadata/headers.js';
export { type MetadataJson, metadataFromJson, metadataToJson } from './metadata/metadata-json.js';
export { type Clock, systemClock } from './runtime/clock.js';
export type { EventsSettings } from './runtime/events-settings.js';
export { type Logger, silentLogger } from './runtime/logger.js';
export { nearestName } from './runtime/nearest-name.js';
export { configureEvents, settings } from './runtime/settings.js';
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
export { defineSignal, type SignalDefinition, type SignalDetails } from './signals/define-signal.js';
export type { EventType } from './signals/event-type.js';
export { type KeyPath, type ResolvedKeyPath, resolveKeyPath } from './signals/key-path.js';
export { type PendingReceipt, pendingReceipt } from './signals/pending-receipt.js';
export { allSignals, findSignal, getSignalByType, snapshotSignals } from './signals/registry.js';
export type {
  Connection,
  ConnectOptions,
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
export type { EncodedEvent } from './wire/encoded-event.js';
export type { Header, Message } from './wire/message.js';
export type { UnframedRecord, WireFormat } from './wire/wire-format.js';
