/** @type {import('jest').Config} */
const config = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  setupFiles: ['<rootDir>/test/quiet.ts'],
  testMatch: ['**/*.test.ts'],
  moduleNameMapper: {
    '^tfjs-saliency$': '<rootDir>/src/index.ts',
    '^tfjs-saliency/worker$': '<rootDir>/src/worker/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: { '^.+\\.ts$': '<rootDir>/scripts/jest/transform.js' },
  testTimeout: 60_000,
};

export default config;
