// Few rules, each for a mistake that the compiler lets through: a forgotten await (a GPU call that nobody waits
// for) first of all. Layout is Prettier's.
import { defineConfig } from 'eslint/config'
import tseslint from 'typescript-eslint'

const globals = ['process', 'performance', 'Buffer', 'setTimeout', 'clearTimeout', 'Atomics', 'SharedArrayBuffer']
const browser = ['document', 'setInterval', 'clearInterval', 'innerWidth', 'innerHeight', 'DOMPoint', 'atob']
const mistakes = [
  'eqeqeq',
  'no-cond-assign',
  'no-constant-condition',
  'no-dupe-keys',
  'no-empty',
  'no-fallthrough',
  'no-self-assign',
  'no-self-compare',
  'no-unreachable',
  'no-unsafe-finally',
  'no-var',
  'prefer-const',
  'use-isnan',
]

export default defineConfig(
  { ignores: ['dist/', 'results/'] },
  { rules: Object.fromEntries(mistakes.map((rule) => [rule, 'error'])) },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: { globals: Object.fromEntries(globals.map((name) => [name, 'readonly'])) },
    rules: { 'no-undef': 'error', 'no-unused-vars': 'error' },
  },
  {
    files: ['page/*.js'],
    languageOptions: { globals: Object.fromEntries(browser.map((name) => [name, 'readonly'])) },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommended],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      // The compiler's noUnusedLocals and noUnusedParameters say the same.
      '@typescript-eslint/no-unused-vars': 'off',
    },
  },
)
