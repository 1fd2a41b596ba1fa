import {
  boolean,
  datetime,
  defineSignal,
  double,
  list,
  long,
  map,
  optional,
  record,
  string,
} from '@openedx-ts/events-core';
import { address } from './parcel-shipped.js';

const item = record('CrateItemData', {
  label: string(),
  packed_at: datetime(),
  content: optional(address),
});

/** Lists and maps of more than plain values, which openedx-events holds since version 11; python/parcels has the same. */
export const crateSealed = defineSignal({
  eventType: 'org.example.interop.crate.sealed.v1',
  eventKeyField: 'crate.sealed',
  data: {
    crate: record('CrateData', {
      items: list(item),
      by_place: map(item),
      rows: list(list(string())),
      tags: list(map(long())),
      grouped: map(list(double())),
      sealed: boolean(),
    }),
  },
});
