import type { Environment } from '@openedx-ts/events-core';

/** How a server for trying things is run. */
export interface ServerRecipe {
  /** For people: `Redis`. */
  readonly title: string;
  /** The setting that names a server of one's own. */
  readonly variable: string;
  /** A value of that setting. */
  readonly example: string;
  /** The image for Docker. */
  readonly image: string;
  /** The port inside the container. */
  readonly containerPort: number;
  /** The options of `docker run`, and the arguments of the image's program. */
  inDocker(port: number): { readonly options: readonly string[]; readonly args: readonly string[] };
  /** The programs of which one runs it, where the PATH has it. */
  readonly programs: readonly string[];
  /** Prepares the folder of its data, and returns the arguments of the program. */
  onPath(program: string, place: ServerPlace): Promise<readonly string[]>;
  /** A request that the server answers once it works. */
  readonly request: Uint8Array;
}

/** Where a server runs. */
export interface ServerPlace {
  readonly port: number;
  readonly folder: string;
  readonly env: Environment;
}
