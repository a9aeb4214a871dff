/** Tests run on what `tsc` built (dist/test), as the server does: no transform between the source and the run. */
export default {
  rootDir: 'dist/test',
  testEnvironment: 'node',
  transform: {},
  testMatch: ['**/*.test.js'],
};
