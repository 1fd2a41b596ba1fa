import { configureEvents } from '@openedx-ts/events-core';
import type { CliIo } from './cli-io.js';
import { redactor } from './redact.js';
import { type StderrLoggerOptions, stderrLogger } from './stderr-logger.js';

/** What the libraries log while a command runs. @defaultValue warnings and errors */
export type LibraryLogging = Partial<Pick<StderrLoggerOptions, 'level' | 'isReported'>>;

/** Makes the libraries log to the stderr of the command, without secrets, until the result is disposed. */
export function logToStderr(io: CliIo, { level = 'warn', isReported }: LibraryLogging = {}): Disposable {
  const logger = stderrLogger({ stderr: io.stderr, redact: redactor(io.env), level, isReported });
  return configureEvents({ logger });
}
