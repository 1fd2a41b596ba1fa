/** Why the events of openedx-core are local only: `localOnly` of each. */
export const notCarriedByPython =
  "Python's buses do not carry it yet: its data classes have types for which openedx-events 11.2.0 makes no schema." +
  ' Without one the bytes are undefined.';
