import { configureEvents } from '@openedx-ts/events-core';
import { now } from '../journal/journal-line.js';

/** The life of a process of the rig. */
export interface Life {
  /** Fires at SIGTERM. */
  readonly stopSignal: AbortSignal;
  /** To be called last: a process that lets go of everything it has opened then ends with 0 by itself. */
  end(): void;
}

/**
 * Starts the life of a process of the rig and reports it to the rig: from now on it stops gracefully at SIGTERM. It ends with the
 * rig, however that ends; what the bus logs goes to stderr; a Ctrl-C at the terminal is for the rig.
 */
export function beginLife(): Life {
  const stop = new AbortController();
  const orphaned = () => process.exit(1);
  process.on('disconnect', orphaned);
  process.on('SIGTERM', () => stop.abort());
  process.on('SIGINT', () => {});
  const say = (level: string) => (facts: object, message: string) => {
    process.stderr.write(`${now()} ${level} ${message} ${JSON.stringify(facts, errorsAsText)}\n`);
  };
  configureEvents({
    dispatch: 'robust',
    logger: { debug: () => {}, info: () => {}, warn: say('warn'), error: say('error') },
  });
  process.send?.('started');
  return {
    stopSignal: stop.signal,
    end: () => {
      process.off('disconnect', orphaned);
      if (process.connected) process.disconnect();
    },
  };
}

function errorsAsText(_name: string, value: unknown): unknown {
  return value instanceof Error ? String(value) : value;
}
