import { recordToJson } from '@openedx-ts/events-avro';
import { COURSE_ENROLLMENT_CREATED } from '@openedx-ts/events-catalog/learning/course-enrollment-created';
import { COURSE_UNENROLLMENT_COMPLETED } from '@openedx-ts/events-catalog/learning/course-unenrollment-completed';
import type { SignalEvent } from '@openedx-ts/events-core';
import { metadataToJson, TransactionScope } from '@openedx-ts/events-core/bus';
import { notificationGroup } from '@openedx-ts/example-notification-service';
import type { TalliedEvent } from '../tally.js';

/** Callbacks for the events of both services. */
export interface EventBook {
  /** enrollment-service has sent it, and its change is committed. */
  sent(event: TalliedEvent): void;
  /** enrollment-service has sent it, and its change failed. */
  dropped(event: TalliedEvent): void;
  /** notification-service has handled it. */
  delivered(event: TalliedEvent): void;
}

/** Reports the events that are sent and received in this process, until the signal is aborted. */
export function watchEvents(book: EventBook, abortSignal?: AbortSignal): void {
  const report = ({ signal, data, metadata, delivery }: WatchedEvent) => {
    const event = { metadata: metadataToJson(metadata), data: recordToJson(signal, data) };
    if (delivery === null) bookSent(book, event);
    else if (delivery.groupId === notificationGroup) book.delivered(event);
  };
  const options = { name: 'demo', ...(abortSignal === undefined ? {} : { abortSignal }) };
  COURSE_ENROLLMENT_CREATED.connect(report, options);
  COURSE_UNENROLLMENT_COMPLETED.connect(report, options);
}

function bookSent(book: EventBook, event: TalliedEvent): void {
  const scope = TransactionScope.current();
  if (scope === undefined) book.sent(event);
  else scope.defer({ run: () => book.sent(event), drop: () => book.dropped(event) });
}

type WatchedEvent = Pick<SignalEvent, 'metadata' | 'delivery'> & {
  readonly signal: Parameters<typeof recordToJson>[0];
  readonly data: object;
};
