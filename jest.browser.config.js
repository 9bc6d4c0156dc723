import unit from './jest.config.js';

/** @type {import('jest').Config} */
const config = { ...unit, roots: ['<rootDir>/test/browser'], testMatch: ['**/*.browser.ts'], testTimeout: 120_000 };

export default config;
