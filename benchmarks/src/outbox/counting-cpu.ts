import { median, type Subject } from '../measure.js';

/** Subjects whose rounds are also measured by the CPU time of this process. */
export interface CountedSubjects {
  readonly subjects: readonly Subject[];
  /** CPU time of one time of a subject, in microseconds: the median of its rounds, with those that warm up. */
  microseconds(name: string): number;
}

/** Measures the CPU time of subjects, garbage collection included. That of servers beside the process is not in it. */
export function countingCpu(subjects: readonly Subject[]): CountedSubjects {
  const figures = new Map<string, number[]>(subjects.map(({ name }) => [name, []]));
  return {
    subjects: subjects.map((subject) => ({
      ...subject,
      run: async (times) => {
        const before = process.cpuUsage();
        await subject.run(times);
        const { user, system } = process.cpuUsage(before);
        figures.get(subject.name)?.push((user + system) / times);
      },
    })),
    microseconds: (name) => median(figures.get(name) ?? []),
  };
}
