import { BufferFullError } from '../errors/bus-errors.js';
import type { ResolvedProducerOptions } from './producer-options.js';

/** Counts the events of a producer that wait for the broker, and their bytes. */
export class SendBuffer {
  readonly #limits: Pick<ResolvedProducerOptions, 'maxBufferedBytes' | 'maxBufferedEvents'>;
  #events = 0;
  #bytes = 0;

  constructor(limits: Pick<ResolvedProducerOptions, 'maxBufferedBytes' | 'maxBufferedEvents'>) {
    this.#limits = limits;
  }

  /**
   * Reserves room for an event. One that is larger than the whole buffer has room while no other waits.
   *
   * @throws BufferFullError
   */
  reserve(topic: string, bytes: number): void {
    const { maxBufferedBytes, maxBufferedEvents } = this.#limits;
    if (this.#events >= maxBufferedEvents) throw new BufferFullError(topic, maxBufferedEvents);
    if (this.#bytes > 0 && this.#bytes + bytes > maxBufferedBytes)
      throw new BufferFullError(topic, maxBufferedBytes, 'maxBufferedBytes');
    this.#events += 1;
    this.#bytes += bytes;
  }

  /** Reverts `reserve` with the same number of bytes. */
  free(bytes: number): void {
    this.#events -= 1;
    this.#bytes -= bytes;
  }
}
