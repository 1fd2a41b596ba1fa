import { readFile } from 'node:fs/promises';

/** Who is enrolled where. */
export interface Learners {
  readonly courses: readonly string[];
  readonly learners: readonly Learner[];
}

export interface Learner {
  readonly username: string;
  readonly email: string;
  readonly name: string;
}

/** The committed learners of the demo. */
export async function readLearners(): Promise<Learners> {
  const file = new URL('../../data/learners.json', import.meta.url);
  return JSON.parse(await readFile(file, 'utf8')) as Learners;
}
