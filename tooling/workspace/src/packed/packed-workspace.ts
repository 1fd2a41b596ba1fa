/** What all package checks work on: made once by `install-packed.ts`. */
interface PackedWorkspace {
  /** A project outside the repository with every package installed from its tarball, and the tools of `fixtures/packed`. */
  readonly project: string;
  readonly packages: readonly PackedPackage[];
}

export interface PackedPackage {
  readonly name: string;
  readonly tarball: string;
  /** The installed package: exactly what the tarball holds. */
  readonly installed: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    packed: PackedWorkspace;
  }
}
