import { EventEmitter } from 'node:events';
import { COURSE_ENROLLMENT_CREATED } from '@openedx-ts/events-catalog/learning/course-enrollment-created';
import Emittery from 'emittery';
import type { Subject } from '../measure.js';
import { sampleEnrollment } from '../sample-event.js';

/** Sending in process to one sync receiver: ours with check and metadata, others with neither. */
export function sendSubjects(): readonly Subject[] {
  let _received = 0;
  const receive = () => {
    _received += 1;
  };
  COURSE_ENROLLMENT_CREATED.connect(receive);
  const emitter = new EventEmitter().on('enrolled', receive);
  const emittery = new Emittery();
  emittery.on('enrolled', receive);
  return [
    {
      name: 'sendEvent',
      run: async (times) => {
        for (let index = 0; index < times; index += 1)
          await COURSE_ENROLLMENT_CREATED.sendEvent(sampleEnrollment);
      },
    },
    {
      name: 'EventEmitter emit',
      run: (times) => {
        for (let index = 0; index < times; index += 1) emitter.emit('enrolled', sampleEnrollment);
      },
    },
    {
      name: 'emittery emit',
      run: async (times) => {
        for (let index = 0; index < times; index += 1) await emittery.emit('enrolled', sampleEnrollment);
      },
    },
  ];
}
