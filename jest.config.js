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
  // Jest leaves one core idle by default, of two.
  maxWorkers: '100%',
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
