import type { JsonValue, PiiType } from '@openedx-ts/events-core';
import type { WireValues } from '@openedx-ts/events-core/bus';

/** What a definition of an event decides for those who exchange it, as JSON: what an Avro schema holds, and what it lacks. */
export interface EventDefinition {
  /** The path of the key that routes use; null when they have to name one. */
  readonly key_field: string | null;
  /** The payload keys in wire order. */
  readonly data: FieldDefinitions;
}

/** The fields of a record, in wire order. */
export type FieldDefinitions = Readonly<Record<string, ShapeDefinition>>;

/** A shape as JSON. `pii` is left out when it is empty. */
export type ShapeDefinition = { readonly pii?: readonly PiiType[] } & (
  | { readonly kind: keyof WireValues }
  | { readonly kind: 'record'; readonly name: string; readonly fields: FieldDefinitions }
  | { readonly kind: 'list' | 'map' | 'optional'; readonly of: ShapeDefinition }
  | { readonly kind: 'withDefault'; readonly of: ShapeDefinition; readonly default: JsonValue }
  | CustomDefinition
);

/** A custom type: its code is not known, only its name, the primitive that travels, and the texts that it lists. */
export interface CustomDefinition {
  readonly kind: 'custom';
  readonly name: string;
  readonly wire: keyof WireValues;
  readonly symbols?: readonly string[];
}
