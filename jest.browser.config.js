import unit from './jest.config.js';

/** @type {import('jest').Config} */
const config = {
  ...unit,
  roots: ['<rootDir>/test/browser'],
  testMatch: ['**/*.browser.ts'],
  testTimeout: 120_000,
  // One browser at a time: a page that shares its cores says nothing about how fluid it is.
  maxWorkers: 1,
};

export default config;
