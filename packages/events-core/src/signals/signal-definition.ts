import type { EventType } from './event-type.js';
import type { KeyPath } from './key-path.js';
import type { PayloadFields } from './signal.js';

/** The definition of an event. */
export type SignalDefinition<F extends PayloadFields> = SignalDetails<F> &
  (
    | { readonly eventType: EventType; readonly irregularEventType?: undefined }
    | {
        readonly eventType: string;
        /** Why the type breaks the naming rule, e.g. because it is already published so. Lifts the rule for this type. */
        readonly irregularEventType: string;
      }
  );

/** The definition of an event besides its type. */
export interface SignalDetails<F extends PayloadFields> {
  /** The payload keys and their shapes, in wire order; all are required. */
  readonly data: F;
  /** Raised for compatible changes; travels in the metadata. @defaultValue 0 */
  readonly minorVersion?: number;
  /** What happened, in a sentence. */
  readonly doc?: string;
  /** The path of the key that routes should use; checked against the data. */
  readonly eventKeyField?: NoInfer<KeyPath<F>>;
  readonly producedBy?: readonly string[];
  readonly since?: string;
  readonly deprecated?: string;
  /** Why it may not leave the process. */
  readonly localOnly?: string;
}
