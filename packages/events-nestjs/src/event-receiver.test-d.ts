import { COURSE_CREATED } from '@openedx-ts/events-catalog/content-authoring/course-created';
import { describe, it } from 'vitest';
import type { EventOf } from './event-of.js';
import { EventReceiver } from './event-receiver.js';

describe('EventReceiver', () => {
  it('accepts only methods that take the event of the signal', () => {
    class Courses {
      @EventReceiver(COURSE_CREATED)
      onCreated({ data }: EventOf<typeof COURSE_CREATED>): string {
        return data.course.course_key.toString();
      }

      // @ts-expect-error a receiver gets one event, not its data
      @EventReceiver(COURSE_CREATED)
      onData(_data: { course: string }): void {}
    }
    void Courses;
  });
});
