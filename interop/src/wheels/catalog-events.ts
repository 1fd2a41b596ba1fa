import * as all from '@openedx-ts/events-catalog/all';
import type { OpenEdxPublicSignal } from '@openedx-ts/events-core';
import type { AnyShape } from '@openedx-ts/events-core/bus';
import type { ComparedEvent, ComparedEvents } from './compared-event.js';

/** The events of the catalogue, in the form in which `wheel_definitions.py` writes those of a wheel. */
export function catalogEvents(): ComparedEvents {
  const exported = Object.values(all).flatMap((subdomain) => Object.entries<unknown>(subdomain));
  const events = exported.filter((entry): entry is [string, OpenEdxPublicSignal] => isSignal(entry[1]));
  return Object.fromEntries(events.map(([name, signal]) => [signal.eventType, comparedEvent(name, signal)]));
}

function comparedEvent(name: string, { minorVersion, shape }: OpenEdxPublicSignal): ComparedEvent {
  return { name, minor_version: minorVersion, fields: fieldsIn(shape as AnyShape, '').slice(1) };
}

function isSignal(value: unknown): value is OpenEdxPublicSignal {
  return typeof value === 'object' && value !== null && 'eventType' in value;
}

/** A line for the field and, after it, those of the fields in it. */
function fieldsIn(shape: AnyShape, path: string): readonly [string, string][] {
  return [[path, typeOf(shape)], ...innerFields(shape, path)];
}

function innerFields(shape: AnyShape, path: string): readonly [string, string][] {
  switch (shape.kind) {
    case 'record':
      return Object.entries(shape.fields).flatMap(([name, field]) =>
        fieldsIn(field as AnyShape, path === '' ? name : `${path}.${name}`),
      );
    case 'list':
      return innerFields(shape.of as AnyShape, `${path}[]`);
    case 'map':
      return innerFields(shape.values as AnyShape, `${path}{}`);
    case 'optional':
    case 'withDefault':
      return innerFields(shape.of as AnyShape, path);
    default:
      return [];
  }
}

function typeOf(shape: AnyShape): string {
  switch (shape.kind) {
    case 'record':
      return shape.name;
    case 'custom':
      return shape.type.name === 'uuid' ? 'UUID' : shape.type.name;
    case 'list':
      return `list[${typeOf(shape.of as AnyShape)}]`;
    case 'map':
      return `dict[str, ${typeOf(shape.values as AnyShape)}]`;
    case 'optional':
      return `${typeOf(shape.of as AnyShape)} | None`;
    case 'withDefault':
      return `${typeOf(shape.of as AnyShape)} = ${JSON.stringify(shape.default)}`;
    default:
      return pythonNames[shape.kind];
  }
}

const pythonNames = { boolean: 'bool', bytes: 'bytes', double: 'float', long: 'int', string: 'str' } as const;
