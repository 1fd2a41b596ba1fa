import { describe, expect, it } from 'vitest';
import { RecordingConnection } from '../driver/recording-connection.test-support.js';
import { WriteDoubts } from './write-doubts.js';

const courses = Array.from({ length: 15_000 }, (_, number) => `course-${number}`);

/** A connection to a Redis whose streams hold one entry `1-0`, of this event. */
const streamsWith = (eventId: string) =>
  new RecordingConnection(() => [[Buffer.from('1-0'), [Buffer.from('id'), Buffer.from(eventId)]]]);

describe('WriteDoubts', () => {
  it('forgets streams when a program makes up many, and still finds what was written to them', async () => {
    const doubts = new WriteDoubts(1);
    for (const stream of courses) doubts.written(stream, '1-0');
    expect(doubts.counts).toEqual({ streams: 10_000, inDoubt: 0 });
    const connection = streamsWith('a');
    for (const stream of ['course-0', 'course-14999']) {
      doubts.add(stream, ['a']);
      expect(await doubts.lookUp(connection, stream)).toEqual(new Map([['a', '1-0']]));
    }
    expect(connection.commands).toEqual([
      expect.stringContaining('XRANGE course-0 - +'),
      expect.stringContaining('XRANGE course-14999 (1-0 +'),
    ]);
  });

  it('forgets the oldest events in doubt when nobody publishes to their streams any more', async () => {
    const doubts = new WriteDoubts(1);
    for (const stream of courses)
      doubts.add(
        stream,
        Array.from({ length: 20 }, (_, number) => `${stream} ${number}`),
      );
    expect(doubts.counts.inDoubt).toBe(5_000);
    const connection = streamsWith('course-14999 1');
    expect(await doubts.lookUp(connection, 'course-14999')).toEqual(new Map([['course-14999 1', '1-0']]));
    expect(await doubts.lookUp(connection, 'course-0')).toEqual(new Map());
  });

  it('keeps all events in doubt that a producer may have in flight', () => {
    const doubts = new WriteDoubts(1_000_000);
    for (const stream of courses.slice(0, 5_001))
      doubts.add(
        stream,
        Array.from({ length: 20 }, (_, number) => `${stream} ${number}`),
      );
    expect(doubts.counts.inDoubt).toBe(5_001);
  });
});
