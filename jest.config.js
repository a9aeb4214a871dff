/** Tests run on what `tsc` built (dist/test), as the server does: no transform between the source and the run. */
export default {
  rootDir: 'dist/test',
  testEnvironment: 'node',
  transform: {},
  testMatch: ['**/*.test.js'],
  globalSetup: '<rootDir>/postgres.setup.js',
  globalTeardown: '<rootDir>/postgres.teardown.js',
  testTimeout: 60_000,
  maxWorkers: 2,
  reporters: ['default', '<rootDir>/../../scripts/jest-reporter.mjs'],
};
