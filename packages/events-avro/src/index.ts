export { type AvroCodec, type AvroCodecOptions, avroCodec } from './codec/avro-codec.js';
export { provideRequire } from './driver/provide-require.js';
export { bareWireFormat } from './framing/bare-wire-format.js';
export { frameConfluent, unframeConfluent } from './framing/confluent-frame.js';
export { confluentWireFormat, type SchemaRegistry } from './framing/confluent-wire-format.js';
export { SchemaPatience } from './framing/schema-patience.js';
export type { SchemaStore } from './framing/schema-store.js';
export { recordFromJson } from './record/record-from-json.js';
export { type RecordJson, recordToJson } from './record/record-to-json.js';
export {
  type CompatibilityProblem,
  type CompatibilityQuestion,
  type CompatibilityVerdict,
  checkCompatibility,
  type SchemaInput,
} from './resolution/check-compatibility.js';
export { RecordCheck } from './scan/record-check.js';
export { schemaFileName, schemaFileText } from './schema/schema-files.js';
export { type EventSchema, fingerprintOf, schemaOf } from './schema/schema-of.js';
