import type { FieldsOf, OpenEdxPublicSignal, SignalEvent } from '@openedx-ts/events-core';

/** What the receivers of a signal get: `onCreated({ data }: EventOf<typeof COURSE_CREATED>)`. */
export type EventOf<S extends OpenEdxPublicSignal> = SignalEvent<FieldsOf<S>>;
