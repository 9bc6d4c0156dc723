import type { SmoothingStep } from 'tfjs-saliency';

/** All steps of a run. */
export async function stepsOf(run: AsyncGenerator<SmoothingStep>): Promise<SmoothingStep[]> {
  const steps: SmoothingStep[] = [];
  for await (const step of run) steps.push(step);
  return steps;
}
