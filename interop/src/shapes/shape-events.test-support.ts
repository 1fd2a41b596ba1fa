import { courseKey } from '@openedx-ts/events-catalog/keys';
import {
  boolean,
  bytes,
  datetime,
  defineSignal,
  double,
  enumeration,
  json,
  list,
  long,
  map,
  type OpenEdxPublicSignal,
  optional,
  record,
  string,
  uuid,
  withDefault,
} from '@openedx-ts/events-core';

/** Every shape, and combinations of shapes, by the text of the call. */
const shapes: Readonly<Record<string, unknown>> = {
  'boolean()': boolean(),
  'long()': long(),
  'double()': double(),
  'string()': string(),
  'bytes()': bytes(),
  'uuid()': uuid(),
  'datetime()': datetime(),
  'courseKey()': courseKey(),
  "enumeration(['a', 'b'])": enumeration(['a', 'b']),
  'json()': json(),
  'record(…)': person('InnerData'),
  'optional(string())': optional(string()),
  'optional(long())': optional(long()),
  'optional(boolean())': optional(boolean()),
  'optional(datetime())': optional(datetime()),
  'optional(record(…))': optional(person('OptionalData')),
  'optional(list(string()))': optional(list(string())),
  "withDefault(string(), 'x')": withDefault(string(), 'x'),
  'withDefault(long(), 3)': withDefault(long(), 3),
  'withDefault(boolean(), true)': withDefault(boolean(), true),
  'withDefault(boolean(), false)': withDefault(boolean(), false),
  'withDefault(list(string()), [])': withDefault(list(string()), []),
  'list(string())': list(string()),
  'list(long())': list(long()),
  'list(double())': list(double()),
  'list(boolean())': list(boolean()),
  'list(bytes())': list(bytes()),
  'list(uuid())': list(uuid()),
  'list(datetime())': list(datetime()),
  'list(courseKey())': list(courseKey()),
  "list(enumeration(['a', 'b']))": list(enumeration(['a', 'b'])),
  'list(json())': list(json()),
  'list(record(…))': list(person('ItemData')),
  'list(list(string()))': list(list(string())),
  'list(map(long()))': list(map(long())),
  'map(string())': map(string()),
  'map(long())': map(long()),
  'map(datetime())': map(datetime()),
  'map(record(…))': map(person('ValueData')),
  'map(list(string()))': map(list(string())),
};

/** An event with one field of each shape, by the text of the shape. */
export const shapeEvents: ReadonlyMap<string, OpenEdxPublicSignal> = new Map(
  Object.entries(shapes).map(([text, shape], index) => [
    text,
    defineSignal({
      eventType: `org.example.interop.shape.number_${index}.v1`,
      data: { sent: record(`Shape${index}Data`, { name: string(), field: shape as never }) },
      eventKeyField: 'sent.name' as never,
    }) as unknown as OpenEdxPublicSignal,
  ]),
);

function person(name: string) {
  return record(name, { name: string(), age: long() });
}
