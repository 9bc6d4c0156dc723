/** Points on the path from black of integrated gradients. */
export const INTEGRATION_STEPS = 10;
