/** The code package: builds dist/ and zips everything in it. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DeployError } from './deploy-error';
import { createZip, type ZipEntry } from './zip';

export interface CodePackage {
  readonly zip: Buffer;
  /** Hash of the files, not of the zip: another zlib does not change it. 16 hex digits. */
  readonly hash: string;
}

/** A signed request may have 10 MB; base64 adds a third. */
const largestZip = 7 * 1024 * 1024;

function filesOf(directory: string): ZipEntry[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile() && !file.name.endsWith('.map'))
    .map((file) => {
      const path = join(file.parentPath, file.name);
      const name = relative(directory, path).split(sep).join('/');
      return { name, content: readFileSync(path), executable: name === 'scf_bootstrap' };
    });
}

function hashOf(entries: readonly ZipEntry[]): string {
  const hash = createHash('sha256');
  for (const { name, content } of [...entries].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    hash.update(`${name}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex').slice(0, 16);
}

/** Zips a built directory. Throws DeployError if it is not a bundle or too large to upload. */
export function packDirectory(directory: string): CodePackage {
  const entries = filesOf(directory);
  for (const needed of ['index.js', 'scf_bootstrap']) {
    if (!entries.some(({ name }) => name === needed)) throw new DeployError(`The build did not write dist/${needed}.`);
  }
  const zip = createZip(entries);
  if (zip.length > largestZip) {
    const size = (zip.length / 1024 / 1024).toFixed(1);
    throw new DeployError(`The code package has ${size} MB; the cloud API takes 7 MB. Look for large files in dist/.`);
  }
  return { zip, hash: hashOf(entries) };
}

/** The file that `sls package` writes and `sls deploy --package` reads. */
export function packageFile(directory: string, service: string): string {
  return join(directory, `${service}.zip`);
}

/** Builds the service in `root` and writes the package and a file with its hash. */
export async function buildPackage(root: string, file: string): Promise<CodePackage> {
  // Files of an earlier version or another command must not be deployed.
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  const script: unknown = await import(pathToFileURL(join(root, 'scripts', 'build.mjs')).href);
  await (script as { build(): Promise<unknown> }).build();
  const code = packDirectory(join(root, 'dist'));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, code.zip);
  writeFileSync(`${file}.hash`, `${code.hash}\n`);
  return code;
}

/** Reads the package that `sls package --package <dir>` wrote. */
export function readPackage(file: string): CodePackage {
  if (!existsSync(file) || !existsSync(`${file}.hash`)) {
    throw new DeployError(`There is no package at ${file}. Make it with \`npx sls package --package <directory>\`.`);
  }
  return { zip: readFileSync(file), hash: readFileSync(`${file}.hash`, 'utf8').trim() };
}
