// #region every-type
import { usageKey } from '@openedx-ts/events-catalog/keys';
import {
  boolean,
  bytes,
  custom,
  datetime,
  defineSignal,
  double,
  enumeration,
  json,
  list,
  long,
  map,
  optional,
  record,
  string,
  uuid,
  withDefault,
} from '@openedx-ts/events-core';

/** A type of your own: seconds in code, whole milliseconds on the wire. */
const duration = custom<number, number, 'long'>({
  name: 'Duration',
  wire: 'long',
  normalize: (seconds) => {
    if (!(seconds >= 0)) throw new Error('expected seconds, 0 or more');
    return seconds;
  },
  toWire: (seconds) => Math.round(seconds * 1_000),
  fromWire: (milliseconds) => Number(milliseconds) / 1_000,
  sample: () => 1.5,
});

const Segment = record('VideoSegment', { from: duration, to: duration });

export const VIDEO_WATCHED = defineSignal({
  eventType: 'com.example.video.session.completed.v1',
  data: {
    session: record('VideoSession', {
      id: uuid(),
      block: usageKey(),
      viewer: string({ pii: 'username' }),
      finished: boolean(),
      plays: long(),
      speed: double(),
      poster: bytes(),
      quality: enumeration(['low', 'high']),
      started: datetime(),
      note: optional(string()),
      language: withDefault(string(), 'en'),
      segments: list(Segment),
      clicks: map(long()),
      client: json(),
    }),
  },
  doc: 'Somebody watched a video.',
  eventKeyField: 'session.block',
});
// #endregion every-type
