/** How jest reads TypeScript: esbuild, one file at a time. `npm run typecheck` checks the types. */
import { createHash } from 'node:crypto';
import { transformSync, version } from 'esbuild';

const options = {
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  sourcemap: 'external',
  sourcesContent: false,
  // import() becomes require(): jest runs CommonJS.
  supported: { 'dynamic-import': false },
};
const versions = `${version} ${JSON.stringify(options)}`;

export default {
  process(text, file) {
    const { code, map } = transformSync(text, {
      ...options,
      loader: file.endsWith('.ts') ? 'ts' : 'js',
      sourcefile: file,
    });
    return { code, map };
  },
  getCacheKey: (text, file) => createHash('sha256').update(`${versions}\n${file}\n${text}`).digest('hex'),
};
