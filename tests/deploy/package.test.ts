import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packDirectory } from '../../deploy/bundle';
import { createZip } from '../../deploy/zip';
import { unzip } from './fake-cloud/zip-reader';

describe('the code package', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'live-room-dist-'));
    writeFileSync(join(directory, 'index.js'), 'exports.main_handler = async () => 1;\n');
    writeFileSync(join(directory, 'scf_bootstrap'), '#!/bin/bash\n');
    mkdirSync(join(directory, 'pages'));
    writeFileSync(join(directory, 'pages', '中文.html'), '<p>你好</p>');
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('contains every file, with the bootstrap executable regardless of its mode on disk', () => {
    chmodSync(join(directory, 'scf_bootstrap'), 0o600);
    const files = unzip(packDirectory(directory).zip);
    expect(files.map(({ name, executable }) => [name, executable])).toEqual([
      ['index.js', false],
      ['pages/中文.html', false],
      ['scf_bootstrap', true],
    ]);
    expect(files[1]?.content.toString()).toBe('<p>你好</p>');
  });

  it('has the same bytes if only times and modes change, and another hash if the code changes', () => {
    const first = packDirectory(directory);
    utimesSync(join(directory, 'index.js'), 1, 1);
    chmodSync(join(directory, 'index.js'), 0o755);
    const second = packDirectory(directory);
    expect(second.zip.equals(first.zip)).toBe(true);
    expect(second.hash).toBe(first.hash);
    writeFileSync(join(directory, 'index.js'), 'exports.main_handler = async () => 2;\n');
    expect(packDirectory(directory).hash).not.toBe(first.hash);
  });

  it('is refused if it is not a bundle or too large to upload', () => {
    // Random bytes do not compress.
    writeFileSync(join(directory, 'big.bin'), require('node:crypto').randomBytes(8 * 1024 * 1024));
    expect(() => packDirectory(directory)).toThrow('The code package has 8.0 MB; the cloud API takes 7 MB');
    rmSync(join(directory, 'big.bin'));
    rmSync(join(directory, 'scf_bootstrap'));
    expect(() => packDirectory(directory)).toThrow('The build did not write dist/scf_bootstrap');
  });

  const unzipAvailable = spawnSync('unzip', ['-v']).status === 0;
  (unzipAvailable ? it : it.skip)('passes the test of unzip', () => {
    const file = join(directory, 'code.zip');
    writeFileSync(file, createZip([{ name: 'a/b.txt', content: Buffer.from('x'.repeat(5000)), executable: false }]));
    const { status, stdout } = spawnSync('unzip', ['-t', file], { encoding: 'utf8' });
    expect(stdout).toContain('No errors detected');
    expect(status).toBe(0);
  });
});
