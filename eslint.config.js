import js from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  // What frameworks compile is checked by their own builds.
  {
    ignores: [
      ...['dist/', 'docs/', 'out/', 'coverage/', 'node_modules/'],
      ...['examples/react/', 'examples/next/', 'examples/svelte/'],
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.strict,
  ...tseslint.configs.stylistic,
  {
    rules: {
      'max-len': [
        'error',
        {
          code: 100,
          ignoreUrls: true,
          ignoreStrings: true,
          ignoreTemplateLiterals: true,
          ignoreRegExpLiterals: true,
        },
      ],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      // Tests and rules state what the line before has proved: another check would be dead code.
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['**/*.ts'],
    // Among others: no promise is left floating, misused or awaited in vain.
    extends: [...tseslint.configs.recommendedTypeCheckedOnly],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      // The message is for people, and what they gave may be anything.
      '@typescript-eslint/restrict-template-expressions': 'off',
      '@typescript-eslint/no-base-to-string': 'off',
      // Here methods of object literals never look at `this`.
      '@typescript-eslint/unbound-method': 'off',
      // tfjs's signatures infer a rank from wherever they can: an assertion says which it is.
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
      // A model may throw anything, and so do tests.
      '@typescript-eslint/only-throw-error': 'off',
    },
  },
  {
    files: ['**/*.js'],
    languageOptions: {
      globals: {
        console: 'readonly',
        process: 'readonly',
        globalThis: 'readonly',
        URL: 'readonly',
      },
    },
  },
);
