import { InfrastructureError } from '@openedx-ts/events-core';

/** The connection was opened again and may lead to another Redis: commands for the one before were not sent. */
export class ReopenedError extends InfrastructureError {}
