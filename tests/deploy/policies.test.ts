/** The policies in the documents allow the actions that the code calls: four actions of TRTC, in both pages and both languages. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allowedActions } from './chapters';

const folder = join(__dirname, '../../src/vendors/tencent');

/** `trtc:DismissRoom`, for each method of the TRTC client that the service calls. */
function calledActions(): string[] {
  const text = readdirSync(folder)
    .filter((name) => name.startsWith('trtc') && name.endsWith('.ts'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
  return [...new Set([...text.matchAll(/\bclient\.([A-Z]\w+)\(/g)].map(([, action]) => `trtc:${action}`))].sort();
}

describe('the TRTC actions of the service', () => {
  it('are four', () => {
    expect(calledActions()).toEqual([
      'trtc:DismissRoom',
      'trtc:DismissRoomByStrRoomId',
      'trtc:RemoveUser',
      'trtc:RemoveUserByStrRoomId',
    ]);
  });

  it.each(['deploy.md', 'deploy.zh-CN.md', 'sign-in-by-code.md', 'sign-in-by-code.zh-CN.md'])(
    'are allowed by the policy in %s',
    (page) => {
      const allowed = allowedActions(page, 'trtc:DismissRoom').filter((action) => action.startsWith('trtc:'));
      expect(allowed.sort()).toEqual(calledActions());
    },
  );
});
