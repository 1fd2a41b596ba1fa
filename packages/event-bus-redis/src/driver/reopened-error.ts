import { InfrastructureError } from '@openedx-ts/events-core';

/** The connection was opened again, so that another Redis may reply: commands that were meant for the one before were not sent. */
export class ReopenedError extends InfrastructureError {}
