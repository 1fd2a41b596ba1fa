/** The version of this package, as `sourceLib` of the events it makes. A test keeps it equal to package.json. */
export const coreVersion: readonly number[] = Object.freeze([0, 1, 0]);
