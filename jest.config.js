import { availableParallelism } from 'node:os';

const project = {
  testEnvironment: 'node',
  setupFiles: ['<rootDir>/test/quiet.ts'],
  moduleNameMapper: {
    '^tfjs-saliency$': '<rootDir>/src/index.ts',
    '^tfjs-saliency/(worker|node|imagenet|testing)$': '<rootDir>/src/$1/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: { '^.+\\.ts$': '<rootDir>/scripts/jest/transform.js' },
};

const browser = {
  ...project,
  roots: ['<rootDir>/test/browser'],
  globalSetup: '<rootDir>/test/browser/setUp.js',
  globalTeardown: '<rootDir>/test/browser/tearDown.js',
};

/** @type {import('jest').Config} */
const config = {
  // Many tests wait for a browser, a worker or another process.
  maxWorkers: Math.ceil(1.5 * availableParallelism()),
  testTimeout: 120_000,
  projects: [
    {
      ...project,
      displayName: 'unit',
      roots: ['<rootDir>/test'],
      testMatch: ['**/*.test.ts'],
    },
    {
      ...project,
      displayName: 'examples',
      roots: ['<rootDir>/examples'],
      testMatch: ['**/*.test.ts'],
    },
    { ...browser, displayName: 'browser', testMatch: ['**/*.browser.ts'] },
    // What shares its cores says nothing about how fluid it is: run these by themselves.
    { ...browser, displayName: 'alone', testMatch: ['**/*.alone.ts'] },
  ],
};

export default config;
