import type { ComparedEvents } from './compared-event.js';
import { eventDifferences } from './event-differences.js';

/** Differences on purpose, as `eventDifferences` names them: they are not reported, and their absence is. */
const intended: readonly string[] = [
  // An open file has no schema; here the image is bytes.
  ...['changed', 'deleted'].map(
    (verb) =>
      `org.openedx.content_authoring.course.certificate_config.${verb}.v1: certificate_config.signatories[].image is BinaryIO in the wheel, bytes here`,
  ),
  // The class itself as a default cannot be sent; here it is an empty map.
  "org.openedx.learning.discussions.configuration.changed.v1: configuration.plugin_configuration is dict[str, bool] = <class 'dict'> in the wheel, dict[str, bool] = {} here",
];

/** The differences between the wheels and the catalogue that are not intended, and intended ones that no longer exist. */
export function compareCatalog(theirs: ComparedEvents, ours: ComparedEvents): readonly string[] {
  const found = eventDifferences(theirs, ours);
  return [
    ...found.filter((difference) => !intended.includes(difference)),
    ...intended
      .filter((difference) => !found.includes(difference))
      .map((difference) => `no longer so: ${difference}`),
  ];
}
