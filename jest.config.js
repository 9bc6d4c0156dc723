/** @type {import('jest').Config} */
const config = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  setupFiles: ['<rootDir>/test/quiet.ts'],
  testMatch: ['**/*.test.ts'],
  moduleNameMapper: {
    '^tfjs-saliency$': '<rootDir>/src/index.ts',
    '^tfjs-saliency/(worker|node|imagenet)$': '<rootDir>/src/$1/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: {
    '^.+\\.ts$': [
      'ts-jest',
      {
        // Types are checked by `npm run types`; here each file is only transpiled, for speed.
        tsconfig: {
          module: 'CommonJS',
          moduleResolution: 'node10',
          ignoreDeprecations: '6.0',
          target: 'ES2022',
          verbatimModuleSyntax: false,
          isolatedModules: true,
          esModuleInterop: true,
          resolveJsonModule: true,
        },
      },
    ],
  },
  testTimeout: 60_000,
};

export default config;
