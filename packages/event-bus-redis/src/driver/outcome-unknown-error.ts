import { InfrastructureError } from '@openedx-ts/events-core';

/** The connection was lost, or Redis did not reply in time, after commands were sent: Redis may have executed them. */
export class OutcomeUnknownError extends InfrastructureError {}
