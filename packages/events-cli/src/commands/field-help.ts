/** What `--field` does, wherever it is an option. */
export const fieldHelp =
  'only events with this value, e.g. user.pii.username=ada: to erase one person. The value is compared, never printed';
