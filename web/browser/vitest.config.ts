import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// npm run test:browser: Chromium against the real server, its database and the simulator of the platform.
export default defineConfig({
  test: {
    root: fileURLToPath(new URL('.', import.meta.url)),
    include: ['*.test.ts'],
    globalSetup: './servers.ts',
    fileParallelism: false, // one server, two cores
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
