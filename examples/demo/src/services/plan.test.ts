import { describe, expect, it } from 'vitest';
import { readLearners } from './learners.js';
import { planSteps } from './plan.js';

describe('planSteps', () => {
  it.each([1, 10, 1_000, 5_000])(
    'makes %i steps, each of which can be done when its turn comes',
    async (events) => {
      const steps = planSteps(await readLearners(), events);
      const inside = new Set<string>();
      for (const { action, learner, courseKey } of steps) {
        const place = `${learner.username} ${courseKey}`;
        expect(inside.has(place)).toBe(action === 'unenroll');
        if (action === 'enroll') inside.add(place);
        else inside.delete(place);
      }
      expect(steps).toHaveLength(events);
    },
  );

  it('enrols every learner of the committed file in a thousand steps', async () => {
    const data = await readLearners();
    const names = new Set(planSteps(data, 1_000).map(({ learner }) => learner.username));
    expect(names.size).toBe(data.learners.length);
  });
});
