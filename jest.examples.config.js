import unit from './jest.config.js';

/** @type {import('jest').Config} */
const config = { ...unit, roots: ['<rootDir>/examples'] };

export default config;
