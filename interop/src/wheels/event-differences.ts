import type { ComparedEvent, ComparedEvents } from './compared-event.js';

/** What differs between events of wheels and those of the catalogue: a line for each difference, none when they are equal. */
export function eventDifferences(theirs: ComparedEvents, ours: ComparedEvents): readonly string[] {
  const types = [...new Set([...Object.keys(theirs), ...Object.keys(ours)])].sort();
  return types.flatMap((type) => {
    const [there, here] = [theirs[type], ours[type]];
    if (there === undefined) return [`${type}: no wheel has it`];
    if (here === undefined) return [`${type}: the catalogue does not have it`];
    return differencesOf(there, here).map((difference) => `${type}: ${difference}`);
  });
}

function differencesOf(there: ComparedEvent, here: ComparedEvent): readonly string[] {
  const fields = fieldDifferences(new Map(there.fields), new Map(here.fields));
  const paths = ({ fields }: ComparedEvent) => fields.map(([path]) => path);
  const isOrdered = fields.length > 0 || paths(there).join() === paths(here).join();
  return [
    ...(there.name === here.name ? [] : [`its name is ${there.name} in the wheel, ${here.name} here`]),
    ...(there.minor_version === here.minor_version
      ? []
      : [`its minor version is ${there.minor_version} in the wheel, ${here.minor_version} here`]),
    ...fields,
    ...(isOrdered ? [] : [`the order of its fields is ${paths(there)} in the wheel, ${paths(here)} here`]),
  ];
}

function fieldDifferences(
  there: ReadonlyMap<string, string>,
  here: ReadonlyMap<string, string>,
): readonly string[] {
  const paths = [...new Set([...there.keys(), ...here.keys()])];
  return paths
    .filter((path) => there.get(path) !== here.get(path))
    .map(
      (path) =>
        `${path} is ${there.get(path) ?? 'missing'} in the wheel, ${here.get(path) ?? 'missing'} here`,
    );
}
