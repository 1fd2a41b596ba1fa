import type { WriterSchema } from './codec.js';
import type { EncodedEvent } from './encoded-event.js';
import type { HeaderNaming } from './headers.js';
import type { Message } from './message.js';

/** How a bus lays an encoded event into a message and finds it again; it never looks into the record. */
export interface WireFormat {
  /** Which names the metadata headers have. */
  readonly headerNaming: HeaderNaming;
  /**
   * Lays an event into a message for the given full topic. May be async where a registry has to be asked first.
   *
   * @throws InfrastructureError when the registry cannot be reached
   */
  frame(event: EncodedEvent, fullTopic: string): Message | Promise<Message>;
  /**
   * Finds the record in a message.
   *
   * @throws UnusableMessageError when the frame is broken
   * @throws InfrastructureError when the registry cannot be reached
   */
  unframe(message: Message): UnframedRecord | Promise<UnframedRecord>;
}

/** A record found in a message. */
export interface UnframedRecord {
  readonly record: Uint8Array;
  /** What it was written with; null when the message does not name it (a bare event of a Python service). */
  readonly writer: WriterSchema | null;
}
