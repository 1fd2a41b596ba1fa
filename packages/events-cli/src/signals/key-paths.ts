import { type Fields, type RecordShape, resolveKeyPath } from '@openedx-ts/events-core/bus';

/** Lists the path of every field that can be an event's key, in the order of the fields. */
export function keyPathsIn(fields: Fields, prefix = ''): readonly string[] {
  return Object.entries(fields).flatMap(([name, shape]) => {
    const path = `${prefix}${name}`;
    if (shape.kind === 'record') return keyPathsIn((shape as RecordShape).fields, `${path}.`);
    return 'problem' in resolveKeyPath(fields, name) ? [] : [path];
  });
}
