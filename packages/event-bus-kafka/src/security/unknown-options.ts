import type { Issue } from '@openedx-ts/events-core';
import { nearestName } from '@openedx-ts/events-core/bus';

/**
 * Returns an issue for each option of an unknown name, with the known name that is nearest to it.
 *
 * @param path of the object among the options; empty for the options themselves
 */
export function unknownOptions(path: string, given: object, known: readonly string[]): Issue[] {
  return Object.keys(given)
    .filter((name) => !known.includes(name))
    .map((name) => {
      const nearest = nearestName(name, known);
      const hint = nearest === undefined ? '' : `: did you mean ${nearest}?`;
      return { path: path === '' ? name : `${path}.${name}`, message: `unknown option${hint}` };
    });
}
