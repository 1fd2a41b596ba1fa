import { measure } from '../measure.js';
import { type Part, rateTable } from '../part.js';
import { pythonSubject, startPython } from '../python-peer.js';
import { sendSubjects } from './send-subjects.js';

const timing = { rounds: 9, roundMs: 200 };

/** Sending in process. */
export const sendPart: Part = {
  run: async () => {
    await using python = await startPython('send.py');
    const rates = await measure([...sendSubjects(), ...python.subjects(['send_event'])], timing);
    const table = rateTable(rates, [
      {
        what: '`sendEvent`, one sync receiver (check, metadata)',
        subject: 'sendEvent',
        against: 'emittery emit',
        python: pythonSubject('send_event'),
      },
      { what: '`EventEmitter` emit, one listener (neither)', subject: 'EventEmitter emit' },
      {
        what: 'emittery emit, one listener (neither)',
        subject: 'emittery emit',
        against: 'EventEmitter emit',
      },
    ]);
    return `Median of ${timing.rounds} rounds.\nPeer: ${python.about}.\n\n${table}`;
  },
};
