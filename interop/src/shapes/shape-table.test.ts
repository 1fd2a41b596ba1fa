import { createMetadata } from '@openedx-ts/events-core';
import { metadataToJson } from '@openedx-ts/events-core/bus';
import { describe, expect, it } from 'vitest';
import type { EventForm, Exchange } from '../exchange.js';
import { fillings, type RecordObject } from '../sample-records.js';
import { shapeTable } from './shape-table.js';

const shapes = new Map(
  ['carried', 'changed', 'silent', 'unsent', 'unknown'].map((name) => [name, { eventType: name }]),
);

/** An exchange in which each event arrives as the function says; undefined: it does not arrive. */
function exchangeOf(arrives: (data: RecordObject, name: string) => RecordObject | undefined): Exchange {
  const sent = new Map<string, EventForm>();
  const received = new Map<string, EventForm[]>();
  for (const eventType of ['carried', 'changed', 'silent']) {
    for (const filling of fillings) {
      const metadata = metadataToJson(createMetadata({ eventType }));
      const data = { sent: { field: filling === 'falsy' ? 0 : 7 } };
      sent.set(`${eventType} ${filling}`, { metadata, data });
      const arrived = arrives(data, eventType);
      if (arrived !== undefined) received.set(metadata.id, [{ metadata, data: arrived }]);
    }
  }
  const refused = new Map(fillings.map((filling) => [`unsent ${filling}`, 'no serializer']));
  return { sent, received, refused, errors: [] };
}

describe('the table of shapes', () => {
  it('separates carried, changed and refused in each direction', () => {
    const toPython = exchangeOf((data, name) => {
      if (name === 'silent') return undefined;
      return name === 'changed' && (data.sent as RecordObject).field === 0 ? { sent: { field: null } } : data;
    });
    const toTypeScript = exchangeOf((data) => data);
    const refused = new Map([['unknown', 'not supported']]);
    const table = shapeTable(shapes, [{ version: 'openedx-events 1.0', refused, toPython, toTypeScript }]);
    expect(table.split('\n')).toEqual([
      '| shape | to openedx-events 1.0 | from openedx-events 1.0 |',
      '| --- | --- | --- |',
      '| `carried` | carried | carried |',
      '| `changed` | **changed**: `0 → null` | carried |',
      '| `silent` | **refused**: it did not arrive | carried |',
      '| `unsent` | **refused**: not sent: no serializer | **refused**: not sent: no serializer |',
      '| `unknown` | **refused**: no schema there | **refused**: no schema there |',
    ]);
  });
});
