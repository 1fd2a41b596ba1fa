import { avroCodec, schemaOf } from '@openedx-ts/events-avro';
import { COURSE_ENROLLMENT_CREATED } from '@openedx-ts/events-catalog/learning/course-enrollment-created';
import { checkOf, type Issue } from '@openedx-ts/events-core';
import avro from 'avsc';
import type { Subject } from './measure.js';
import { sampleEnrollment } from './sample-event.js';

/** Encoding and decoding with our codec, and with avsc on records that need no conversion. */
export async function codecSubjects(): Promise<{
  readonly bytes: number;
  readonly subjects: readonly Subject[];
}> {
  const raw = avro.Type.forSchema(JSON.parse(schemaOf(COURSE_ENROLLMENT_CREATED).text) as avro.Schema);
  const ours = await avroCodec().bind(COURSE_ENROLLMENT_CREATED);
  const check = checkOf(COURSE_ENROLLMENT_CREATED.shape);
  const issues: Issue[] = [];
  const data = check(sampleEnrollment, issues) as object;
  const buffer = raw.toBuffer(sampleEnrollment);
  if (!buffer.equals(ours.encode(data))) throw new Error('both sides must write the same bytes');
  const subject = (name: string, once: () => unknown): Subject => ({
    name,
    run: (times) => {
      let last: unknown;
      for (let index = 0; index < times; index += 1) last = once();
      return last; // so that nobody can prove that nothing is done with it
    },
  });
  return {
    bytes: buffer.length,
    subjects: [
      subject('avsc toBuffer', () => raw.toBuffer(sampleEnrollment)),
      subject('encode', () => ours.encode(data)),
      subject('check and encode', () => ours.encode(check(sampleEnrollment, issues) as object)),
      subject('avsc fromBuffer', () => raw.fromBuffer(buffer)),
      subject('decode', () => ours.decode(buffer, null)),
    ],
  };
}
