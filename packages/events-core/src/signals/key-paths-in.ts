import type { Fields, RecordShape } from '../shapes/shape.js';
import { resolveKeyPath } from './key-path.js';

/** Lists the path of every field that can be an event's key, in the order of the fields. For tools. */
export function keyPathsIn(fields: Fields, prefix = ''): readonly string[] {
  return Object.entries(fields).flatMap(([name, shape]) => {
    const path = `${prefix}${name}`;
    if (shape.kind === 'record') return keyPathsIn((shape as RecordShape).fields, `${path}.`);
    return 'problem' in resolveKeyPath(fields, name) ? [] : [path];
  });
}
