import type { ShapeDefinition } from '../definitions/event-definition.js';
import type { NamedEvent } from '../definitions/named-event.js';
import { pythonClasses } from '../definitions/python-classes.js';

/** Describes what Python services cannot carry, or do not check, of an event: one text for each field. */
export function pythonLosses({ definition }: NamedEvent): readonly string[] {
  return Object.entries(definition.data).flatMap(([name, shape]) => lossesOf(shape, name, true));
}

function lossesOf(shape: ShapeDefinition, path: string, isAlone: boolean): readonly string[] {
  switch (shape.kind) {
    case 'record': {
      const inner = Object.entries(shape.fields).flatMap(([name, field]) => [
        ...(KEYWORDS.has(name) || name.startsWith('_')
          ? [`${path}.${name}: Python cannot carry a field of this name`]
          : []),
        ...lossesOf(field, `${path}.${name}`, true),
      ]);
      return isAlone ? inner : [`${path}: a list or map of records needs openedx-events 11`, ...inner];
    }
    case 'list':
    case 'map': {
      const at = `${path}${shape.kind === 'list' ? '[]' : '{}'}`;
      const nested = isAlone ? [] : [`${path}: lists and maps inside others need openedx-events 11`];
      return [...nested, ...lossesOf(shape.of, at, false)];
    }
    case 'optional':
      return lossesOf(shape.of, path, isAlone);
    case 'withDefault': {
      const isFalsy =
        !shape.default || (typeof shape.default === 'object' && Object.keys(shape.default).length === 0);
      const loss = `${path}: Python reads false, 0, an empty text, list or map as the default`;
      return [...(isFalsy ? [] : [loss]), ...lossesOf(shape.of, path, isAlone)];
    }
    case 'custom':
      return customLosses(shape, path, isAlone);
    case 'bytes':
      return [`${path}: Python services receive bytes, and cannot send them`];
    default:
      return [];
  }
}

function customLosses(
  { name, wire, symbols }: Extract<ShapeDefinition, { readonly kind: 'custom' }>,
  path: string,
  isAlone: boolean,
): readonly string[] {
  if (wire === 'bytes') return [`${path}: Python services receive bytes, and cannot send them`];
  if (pythonClasses[name] !== undefined)
    return isAlone ? [] : [`${path}: ${name} is text in lists and maps, which Python does not check`];
  const what = symbols === undefined ? name : `one of ${symbols.length} symbols`;
  return [`${path}: ${what} travels as ${wire}, which Python does not check`];
}

/** Words that cannot be names in Python. */
const KEYWORDS = new Set(
  (
    'False None True and as assert async await break class continue def del elif else except finally for from global ' +
    'if import in is lambda nonlocal not or pass raise return try while with yield'
  ).split(' '),
);
