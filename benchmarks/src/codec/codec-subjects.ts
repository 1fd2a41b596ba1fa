import { avroCodec, schemaOf } from '@openedx-ts/events-avro';
import type { Issue, OpenEdxPublicSignal } from '@openedx-ts/events-core';
import { checkOf } from '@openedx-ts/events-core/bus';
import avro from 'avsc';
import type { Subject } from '../measure.js';

/** Encoding and decoding an event with our codec, and with avsc on a record that needs no conversion. */
export async function codecSubjects(
  signal: OpenEdxPublicSignal,
  sample: object,
): Promise<{ readonly bytes: number; readonly subjects: readonly Subject[] }> {
  const raw = avro.Type.forSchema(JSON.parse(schemaOf(signal).text) as avro.Schema);
  const ours = await avroCodec().bind(signal);
  const check = checkOf(signal.shape);
  const issues: Issue[] = [];
  const data = check(sample, issues) as object;
  const buffer = raw.toBuffer(sample);
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
      subject('avsc toBuffer', () => raw.toBuffer(sample)),
      subject('encode', () => ours.encode(data)),
      subject('check and encode', () => ours.encode(check(sample, issues) as object)),
      subject('avsc fromBuffer', () => raw.fromBuffer(buffer)),
      subject('decode', () => ours.decode(buffer, null)),
    ],
  };
}
