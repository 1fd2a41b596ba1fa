export {
  type RecordedEntry,
  type RecordedOutbox,
  type RecordOutboxOptions,
  recordOutbox,
} from './record-outbox.js';
