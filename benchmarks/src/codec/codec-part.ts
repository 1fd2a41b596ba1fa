import { XBLOCK_PUBLISHED } from '@openedx-ts/events-catalog/content-authoring/xblock-published';
import { COURSE_ENROLLMENT_CREATED } from '@openedx-ts/events-catalog/learning/course-enrollment-created';
import type { OpenEdxPublicSignal } from '@openedx-ts/events-core';
import { measure } from '../measure.js';
import { type Part, rateTable } from '../part.js';
import { pythonSubject, startPython } from '../python-peer.js';
import { sampleEnrollment, sampleXBlock } from '../sample-event.js';
import { codecSubjects } from './codec-subjects.js';

const timing = { rounds: 9, roundMs: 200 };

/** Encoding and decoding. */
export const codecPart: Part = {
  name: 'codec',
  run: async () => {
    const enrollment = await codecSubjects(erased(COURSE_ENROLLMENT_CREATED), sampleEnrollment);
    const xblock = await codecSubjects(erased(XBLOCK_PUBLISHED), sampleXBlock);
    await using python = await startPython('codec.py');
    const rates = await measure([...enrollment.subjects, ...python.subjects(['encode', 'decode'])], timing);
    const keyRates = await measure(xblock.subjects, timing);
    const encode = { against: 'avsc toBuffer', python: pythonSubject('encode') };
    const table = rateTable(rates, [
      { what: 'encode (conversion, checks)', subject: 'encode', ...encode },
      { what: 'check as `sendEvent` does, then encode', subject: 'check and encode', ...encode },
      {
        what: 'decode (conversion, checks, limits)',
        subject: 'decode',
        against: 'avsc fromBuffer',
        python: pythonSubject('decode'),
      },
    ]);
    const keyTable = rateTable(keyRates, [
      {
        what: `encode an event of two keys, ${xblock.bytes} bytes`,
        subject: 'encode',
        against: 'avsc toBuffer',
      },
      {
        what: `decode an event of two keys, ${xblock.bytes} bytes`,
        subject: 'decode',
        against: 'avsc fromBuffer',
      },
    ]);
    const header = `Median of ${timing.rounds} rounds; one event of ${enrollment.bytes} bytes.\nPeer: ${python.about}.`;
    return [header, '', table, ...keyTable.split('\n').slice(2)].join('\n');
  },
};

/** Benchmarks do not care which fields a signal has. */
function erased(signal: unknown): OpenEdxPublicSignal {
  return signal as OpenEdxPublicSignal;
}
